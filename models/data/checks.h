#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <string>

namespace gradus::data {

// Checks that the functions of this folder share; `call` is the function, `name` its argument.

// ValueError for what is below 1.
void require_positive(const std::string& call, const char* name, std::int64_t value);
// ValueError for what is negative, infinite or NaN.
void require_spread(const std::string& call, const char* name, double value);
// ValueError for what is infinite or NaN.
void require_finite(const std::string& call, const char* name, double value);
// ValueError outside [0, 1].
void require_share(const std::string& call, const char* name, double value);
// How many rows x has; StateError for an undefined Tensor, ShapeError for a scalar.
std::int64_t rows_of(const std::string& call, const char* name, const Tensor& x);

}  // namespace gradus::data
