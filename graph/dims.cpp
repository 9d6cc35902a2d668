#include <gradus/graph/dims.h>

namespace gradus {

// Out of line on purpose: inlined with AVX-512, g++ 12 stores {2, 2, 2, 0} as four times 2 (its vectoriser
// takes the zero that clears the list for a value that does not matter).
Dims::Dims(std::initializer_list<Dim> values) : size_(static_cast<std::uint32_t>(values.size())) {
  if (size_ > kInline) heap_ = std::make_unique<std::int64_t[]>(size_);
  assign(values.begin());
}

}  // namespace gradus
