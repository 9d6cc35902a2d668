#pragma once

#include <gradus/graph/tensor.h>

#include <string_view>

namespace gradus::data {

// The files of the folder files/, which the build makes into these texts.
extern const std::string_view kIrisCsv;
extern const std::string_view kDigitsCsv;

struct Embedded {
  Tensor x;  // float64 [rows, columns - 1]
  Tensor y;  // int64 [rows], the last column
};
// The numbers of such a text. REQUIRES one that is well formed.
Embedded parse_embedded(std::string_view csv);

}  // namespace gradus::data
