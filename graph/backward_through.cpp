#include <gradus/graph/backward_through.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/recording.h>

#include <algorithm>

namespace gradus {

Variable backward_through(Backward& b, const Function& function, std::size_t count) {
  const recording::Enable recorded(true);
  count = std::min(count, b.size());
  PoolVector<Variable> operands;
  std::vector<Variable> wanted;
  for (std::size_t i = 0; i < b.size(); ++i) {
    Variable operand = b.input(i);
    // Cut off from what made it where nobody will differentiate further: the pass stops here.
    if (i < count && !b.create_graph()) {
      operand = Variable(operand.value(), {.requires_grad = b.needs(i)});
    }
    if (b.needs(i)) wanted.push_back(operand);
    operands.push_back(std::move(operand));
  }
  Variable result = function(Function::Operands(operands).first(count));
  std::vector<Variable> found;
  if (result.requires_grad()) {
    found = gradients(result, wanted, {.create_graph = b.create_graph(), .seeds = b.gradient()});
  }
  for (std::size_t i = 0, next = 0; i < b.size(); ++i) {
    if (!b.needs(i)) continue;
    if (found.empty()) {
      b.give(i, Tensor::zeros(b.shape(i), operands[i].dtype()));
    } else {
      b.give(i, std::move(found[next++]));
    }
  }
  return result;
}

}  // namespace gradus
