#pragma once

#include <gradus/graph/tensor.h>

namespace gradus::data {

struct Digits {
  Tensor x;  // float64 [1797, 64]: pictures of 8 x 8 pixels, row by row; whole numbers from 0 (white) to 16
  Tensor y;  // int64 [1797]: the digits 0 to 9
};

// Handwritten digits (Alpaydin and Kaynak 1998; UCI, CC BY 4.0), which are part of the library:
//   auto [x, y] = data::load_digits();
//   Tensor pictures = x.reshape({-1, 8, 8, 1});
Digits load_digits();

}  // namespace gradus::data
