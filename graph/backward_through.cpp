#include <gradus/graph/backward_through.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/recording.h>

namespace gradus {

void backward_through(Backward& b, const Composition& function) {
  const recording::Enable recorded(true);
  PoolVector<Variable> operands;
  std::vector<Variable> wanted;
  for (std::size_t i = 0; i < b.size(); ++i) {
    Variable operand = b.input(i);
    // Cut off from what made it where nobody will differentiate further: the pass stops here.
    if (!b.create_graph()) operand = Variable(operand.value(), {.requires_grad = b.needs(i)});
    if (b.needs(i)) wanted.push_back(operand);
    operands.push_back(std::move(operand));
  }
  const Variable result = function(operands);
  std::vector<Variable> found;
  if (result.requires_grad()) {
    found = gradients(result, wanted, {.create_graph = b.create_graph(), .seeds = b.gradient()});
  }
  for (std::size_t i = 0, next = 0; i < b.size(); ++i) {
    if (!b.needs(i)) continue;
    if (found.empty()) {
      b.give(i, Tensor::zeros(b.shape(i), b.gradient().dtype()));
    } else {
      b.give(i, std::move(found[next++]));
    }
  }
}

}  // namespace gradus
