#pragma once

#include <gradus/ops/matmul_precision.h>
#include <gradus/tools/tutorial/lesson.h>
#include <gradus/tools/tutorial/output.h>
#include <gradus/tools/tutorial/results.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::tutorial {

// Of both parts that learn from Fashion-MNIST.
struct FashionOptions {
  std::uint64_t seed = 101;
  std::optional<std::int64_t> epochs = {};  // each part's own unless given
  std::string data = {};  // the folder of Fashion-MNIST; where Debian's package puts it unless given
  MatmulPrecision precision = MatmulPrecision::float32;
};

// The data, flat and scaled to [0, 1], with no model yet. FileError when they are missing.
Lesson fashion_data(const FashionOptions& options, std::int64_t default_epochs);
// Trains the lesson's model, tests it, and prints how long that took and what came of it.
Result train_and_time(const Lesson& lesson, std::uint64_t seed, std::vector<Callback> callbacks = {});

// Part E: a net of two hidden layers tells ten kinds of clothing apart, first without dropout, then with it.
// FileError when the data are missing.
std::vector<Result> run_fashion(const FashionOptions& options, Output& output);

}  // namespace gradus::tutorial
