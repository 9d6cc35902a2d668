#pragma once

#include <gradus/graph/tensor.h>
#include <gradus/models/config/config.h>

namespace gradus {

// A Tensor among options: a number for a scalar, else lists in lists, row by row; null where there is none.
ConfigValue to_config_value(const Tensor& tensor);
// As float64. ValueError for lists of different lengths.
void read_config_value(const ConfigValue& value, Tensor& tensor);

}  // namespace gradus
