#pragma once

#include <gradus/graph/call.h>

#include <string>
#include <string_view>
#include <vector>

namespace gradus::kernels {

// The subscripts of one operand of einsum, or of its result: "i...j" is {"ij", 1}.
struct EinsumTerm {
  static constexpr std::size_t kNone = std::string::npos;
  std::string letters = {};
  std::size_t ellipsis = kNone;  // how many letters stand before it

  bool has_ellipsis() const { return ellipsis != kNone; }
  std::string text() const;
};

struct EinsumSubscripts {
  std::vector<EinsumTerm> operands;
  EinsumTerm result;
};

// Reads "ij,jk->ik", and works out the result where it is not given: the letters that stand once, in
// alphabetical order, after the ellipsis. ValueError, with the position, for what has no meaning.
EinsumSubscripts parse_einsum(std::string_view text, const Call& call);

}  // namespace gradus::kernels
