#pragma once

#include <gradus/ops/matmul_precision.h>
#include <gradus/tools/tutorial/output.h>
#include <gradus/tools/tutorial/results.h>

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::tutorial {

struct FashionOptions {
  std::uint64_t seed = 101;
  std::int64_t epochs = 20;
  std::string data = {};  // the folder of Fashion-MNIST; where Debian's package puts it unless given
  MatmulPrecision precision = MatmulPrecision::float32;
};

// Part E: a net of two hidden layers tells ten kinds of clothing apart, first without dropout, then with it.
// FileError when the data are missing.
std::vector<Result> run_fashion(const FashionOptions& options, Output& output);

}  // namespace gradus::tutorial
