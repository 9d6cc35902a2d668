#pragma once

#include <gradus/graph/variable.h>

#include <cstddef>
#include <span>

namespace gradus::kernels {

// Attention over query, key and value, of one dtype, and a mask and a bias where their place is not 0.
struct Attention {
  double scale = 1;
  bool is_causal = false;
  std::size_t mask = 0, bias = 0;

  // Whether keys can be without weight, and rows without any: then a score of -infinity is masked too.
  bool masks() const { return is_causal || mask != 0 || bias != 0; }
};

// softmax(query key^T scale + bias) value made of ops, for any operands that broadcast.
Variable composed_attention(const Attention& kind, std::span<const Variable> operands);

// The same as one op, which keeps the weights. REQUIRES fits_attention(operands, shape of the scores): values
// everywhere, and one batch shape of query, key and value.
Variable attention(const Attention& kind, std::span<const Variable> operands);
bool fits_attention(std::span<const Variable> operands, const Shape& scores);

}  // namespace gradus::kernels
