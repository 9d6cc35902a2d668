// The times of libtorch's ops: see op_program.h. Layouts are libtorch's own: images NCHW, kernels OIHW.
#include "op_program.h"
#include "torch_calls.h"

#include <memory>

namespace gradus::bench {

namespace {

Tensor tensor_of(const Input& input, std::uint64_t seed) {
  std::vector<float> numbers = values(input, seed);
  const Tensor x = at::from_blob(numbers.data(), input.shape, at::kFloat).clone();
  if (input.fill == Fill::integers) return x.to(at::kLong);
  if (input.fill == Fill::booleans && !input.constant) return x.to(at::kBool);
  return x;
}

// With storage of its own. A gradient may be a view of a smaller tensor, as a sum's is, or of a larger one,
// as concatenate's are: ours never are, so these are copied, in the time.
Tensor owned(const Tensor& x) {
  const bool whole = x.is_contiguous() && x.storage().nbytes() == x.nbytes();
  return whole ? x : x.clone(at::MemoryFormat::Contiguous);
}

struct Operands {
  Tensors x, leaves, y, seeds;
};

class Libtorch : public Library {
 public:
  Libtorch() {
    for (const auto calls : {elementwise_calls, activation_calls, reduction_calls, shape_calls, loss_calls,
                             linalg_calls, nn_calls}) {
      calls_.merge(calls());
    }
  }

  void set_threads(int count) override { at::set_num_threads(count); }
  bool has(const Case& item) const override { return find(item) != nullptr; }
  std::string note(const Case& item) const override { return find(item)->note; }

  std::function<void()> prepare(const Case& item, Phase phase) const override {
    const Call& call = *find(item);
    auto operands = std::make_shared<Operands>();
    std::vector<bool> active;
    for (std::size_t i = 0; i < item.inputs.size(); ++i) {
      operands->x.push_back(tensor_of(item.inputs[i], i + 1));
    }
    if (call.layout) call.layout(operands->x);
    for (std::size_t i = 0; i < operands->x.size(); ++i) {
      Tensor& x = operands->x[i];
      const bool constant = i < item.inputs.size() && item.inputs[i].constant;
      if (phase == Phase::forward || constant || !x.is_floating_point()) continue;
      x.requires_grad_();
      operands->leaves.push_back(x);
    }
    if (phase == Phase::forward) {
      return [&call, &item, operands] {
        const torch::NoGradGuard guard;
        call.function(operands->x, item);
      };
    }
    operands->y = call.function(operands->x, item).all;
    for (const Tensor& y : operands->y) operands->seeds.push_back(at::ones(y.sizes(), y.scalar_type()));
    return [operands] {
      Tensors gradients =
          torch::autograd::grad(operands->y, operands->leaves, operands->seeds, true, false, true);
      for (Tensor& gradient : gradients) {
        if (gradient.defined()) gradient = owned(gradient);
      }
    };
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
  gradus::bench::Libtorch library;
  return gradus::bench::run_op_program(argc, argv, library);
}
