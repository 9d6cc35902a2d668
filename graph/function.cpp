#include <gradus/graph/error.h>
#include <gradus/graph/function.h>

namespace gradus {

void Function::throw_count(std::size_t given) const {
  throw ValueError("Function: takes " + std::to_string(arity_) + (arity_ == 1 ? " operand" : " operands") +
                   ", not " + std::to_string(given));
}

}  // namespace gradus
