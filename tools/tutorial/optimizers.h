#pragma once

#include <gradus/tools/tutorial/fashion.h>

#include <vector>

namespace gradus::tutorial {

// The second half of part E: one net with dropout, from the same weights, trained by four optimizers with one
// learning rate. FileError when the data are missing.
std::vector<Result> run_optimizers(const FashionOptions& options, Output& output);

}  // namespace gradus::tutorial
