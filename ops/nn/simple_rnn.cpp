#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/nn/recurrent.h>
#include <gradus/ops/kernels/nn/recurrent_records.h>

#include <array>

namespace gradus {

namespace {

struct SimpleCell {
  static constexpr kernels::CellKind kKind = {.name = "simple_rnn"};

  template <class T>
  static void run(const kernels::Step<T>& s) {
    using V = kernels::Vector<T>;
    const auto step = [](V a, V b) __attribute__((always_inline)) {
      const V h = tanh(a + b);
      return std::array{h, h};
    };
    for (std::int64_t at = 0; at < s.rows * s.units; at += s.units) {
      T* gates = s.gates + at;
      kernels::each_unit(s.units, std::array{gates, s.hidden + at}, step, gates, s.bias);
    }
  }
  // da = dh (1 - h^2)
  template <class T>
  static void run_back(const kernels::StepBack<T>& s) {
    using V = kernels::Vector<T>;
    const auto step = [](V h, V dh) __attribute__((always_inline)) {
      return std::array{dh * (1 - h * h), V(0)};
    };
    T* dh = s.d_hidden;
    kernels::each_unit(s.rows * s.units, std::array{s.d_input, dh}, step, s.gates, dh);
  }
  static kernels::States composed(const Variable& input, const Variable& recurrent,
                                  const kernels::States& /*before*/) {
    return {tanh(add(input, recurrent)), {}};
  }
};

RecurrentResult run(const kernels::RecurrentCall& call) {
  LstmResult result = kernels::run_recurrent<SimpleCell>(call);
  return {std::move(result.output), std::move(result.hidden)};
}

}  // namespace

RecurrentResult simple_rnn(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel,
                           RecurrentOptions options) {
  return run({x, kernel, recurrent_kernel, nullptr, &options.initial_hidden, nullptr,
              options.return_sequences, options.go_backwards});
}
RecurrentResult simple_rnn(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel,
                           const Operand& bias, RecurrentOptions options) {
  return run({x, kernel, recurrent_kernel, &bias, &options.initial_hidden, nullptr, options.return_sequences,
              options.go_backwards});
}

namespace records {

OpInfo simple_rnn() {
  return record::recurrent({.formula = "h_t = tanh(x_t kernel + h_{t-1} recurrent + bias)",
                            .gradient = "through time: da_t = dh_t (1 - h_t^2), dh_{t-1} = da_t recurrent^T"},
                           SimpleCell::kKind, [](const record::RecurrentSample& a) {
                             const auto options = a.options<RecurrentOptions>();
                             const RecurrentResult y =
                                 a.bias == nullptr
                                     ? gradus::simple_rnn(a.x, a.kernel, a.recurrent, options)
                                     : gradus::simple_rnn(a.x, a.kernel, a.recurrent, *a.bias, options);
                             return LstmResult{y.output, y.hidden, {}};
                           });
}

}  // namespace records

}  // namespace gradus
