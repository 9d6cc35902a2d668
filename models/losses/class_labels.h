#pragma once

#include <gradus/graph/operand.h>

#include <string_view>

namespace gradus {

// Class numbers as int64, one for each of `samples`, whose shape the labels have, perhaps with one more axis
// of extent 1. `name` begins the text of errors. ShapeError where they do not fit, ValueError for a label
// that is not one of 0 … classes - 1.
Tensor class_labels(std::string_view name, const Operand& y_true, const Shape& samples, std::int64_t classes);

}  // namespace gradus
