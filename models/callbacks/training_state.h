#pragma once

#include <gradus/models/model.h>

#include <cstdint>
#include <string>

namespace gradus {

// Weights, optimizer and epoch of a training in one .npz: "weights/dense/kernel", "optimizer/0/iteration",
// "epoch". REQUIRES a compiled model whose optimizer is built.
void save_training_state(const std::string& path, const Model& model, std::int64_t epoch);

// Sets the model to what was saved and returns the epoch. FileError when the file is none, or of another
// model or optimizer; nothing has changed then.
std::int64_t load_training_state(const std::string& path, const Model& model);

}  // namespace gradus
