#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/nn/recurrent.h>
#include <gradus/ops/kernels/nn/recurrent_records.h>

namespace gradus {

namespace {

struct SimpleCell {
  static constexpr kernels::CellKind kKind = {.name = "simple_rnn"};

  template <class T>
  static void run(const kernels::Step<T>& s) {
    const std::int64_t u = s.units;
    for (std::int64_t at = 0; at < s.rows * u; at += u) {
      MutableLanes<T>(s.hidden + at, u) = tanh(Lanes<T>(s.gates + at, u) + Lanes<T>(s.bias, u));
      MutableLanes<T>(s.gates + at, u) = Lanes<T>(s.hidden + at, u);
    }
  }
  // da = dh (1 - h^2)
  template <class T>
  static void run_back(const kernels::StepBack<T>& s) {
    const std::int64_t n = s.rows * s.units;
    const Lanes<T> h(s.gates, n);
    MutableLanes<T>(s.d_input, n) = Lanes<T>(s.d_hidden, n) * (1 - h * h);
    MutableLanes<T>(s.d_hidden, n).setZero();
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
