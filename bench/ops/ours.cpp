// The times of Gradus's ops: see op_program.h.
#include "op_program.h"
#include "our_calls.h"

#include <gradus/graph/gradients.h>
#include <gradus/graph/parallel.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/elementwise.h>

#include <memory>

namespace gradus::bench {

namespace {

Tensor tensor_of(const Input& input, std::uint64_t seed) {
  const std::vector<float> numbers = values(input, seed);
  const Tensor x(numbers, Shape(input.shape));
  if (input.fill == Fill::integers) return cast(x, DType::int64).value();
  if (input.fill == Fill::booleans && !input.constant) return cast(x, DType::boolean).value();
  return x;
}

// The operands of a case and, for the way back, the graph and the seeds of its gradients.
struct Operands {
  std::vector<Variable> x, leaves, y, seeds;
};

class Gradus : public Library {
 public:
  Gradus() {
    for (const auto calls : {elementwise_calls, activation_calls, reduction_calls, shape_calls, loss_calls,
                             linalg_calls, nn_calls}) {
      calls_.merge(calls());
    }
  }

  void set_threads(int count) override { set_num_threads(count); }
  bool has(const Case& item) const override { return find(item) != nullptr; }

  std::function<void()> prepare(const Case& item, Phase phase) const override {
    const Call& call = *find(item);
    auto operands = std::make_shared<Operands>();
    for (std::size_t i = 0; i < item.inputs.size(); ++i) {
      const Tensor x = tensor_of(item.inputs[i], i + 1);
      const bool active = phase == Phase::backward && !item.inputs[i].constant && is_floating(x.dtype());
      operands->x.emplace_back(x, VariableOptions{.requires_grad = active});
      if (active) operands->leaves.push_back(operands->x.back());
    }
    if (phase == Phase::forward) {
      return [&call, &item, operands] {
        const NoGrad guard;
        call(operands->x, item);
      };
    }
    operands->y = call(operands->x, item).all;
    for (const Variable& y : operands->y) operands->seeds.emplace_back(Tensor::ones(y.shape(), y.dtype()));
    return [operands] { gradients(operands->y, operands->leaves, {.seeds = operands->seeds}); };
  }

 private:
  const Call* find(const Case& item) const {
    auto found = calls_.find(item.label());
    if (found == calls_.end()) found = calls_.find(item.op);
    return found == calls_.end() ? nullptr : &found->second;
  }

  Calls calls_;
};

}  // namespace

}  // namespace gradus::bench

int main(int argc, char** argv) {
  gradus::bench::Gradus library;
  return gradus::bench::run_op_program(argc, argv, library);
}
