#pragma once

#include <gradus/tools/tutorial/output.h>
#include <gradus/tools/tutorial/results.h>

#include <vector>

namespace gradus::tutorial {

// Part F: a net whose gradient was written by hand, and wrong, beside the same net by backward. Draws its
// data and weights as NumPy does from seed 0.
std::vector<Result> run_spiral(Output& output);

}  // namespace gradus::tutorial
