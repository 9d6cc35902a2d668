#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/nn/recurrent.h>
#include <gradus/ops/kernels/nn/recurrent_records.h>

namespace gradus {

namespace {

// The gates lie in the order z, r, h; z and r become 1 / (1 + e^-..), h = tanh(a_h + r p_h).
struct GruCell {
  static constexpr kernels::CellKind kKind = {.name = "gru", .gates = 3, .apart = true};

  template <class T>
  static void run(const kernels::Step<T>& s) {
    const std::int64_t u = s.units;
    for (std::int64_t row = 0; row < s.rows; ++row) {
      T* gates = s.gates + row * 3 * u;
      T* apart = s.recurrent + row * 3 * u;
      MutableLanes<T>(gates, 3 * u) += Lanes<T>(s.bias, 3 * u);
      MutableLanes<T>(apart, 3 * u) += Lanes<T>(s.bias + 3 * u, 3 * u);
      MutableLanes<T>(gates, 2 * u) = sigmoid(Lanes<T>(gates, 2 * u) + Lanes<T>(apart, 2 * u));
      const Lanes<T> z(gates, u), r(gates + u, u), h(gates + 2 * u, u);
      MutableLanes<T>(gates + 2 * u, u) = tanh(h + r * Lanes<T>(apart + 2 * u, u));
      MutableLanes<T>(s.hidden + row * u, u) = z * Lanes<T>(s.hidden_before + row * u, u) + (1 - z) * h;
    }
  }
  // For h' = z h + (1 - z) n, n = tanh(a_n + r p_n): dz = dh' (h - n), dn = dh' (1 - z), and
  // da_n = dn (1 - n^2), dp_n = da_n r, dr = da_n p_n, dh = dh' z.
  template <class T>
  static void run_back(const kernels::StepBack<T>& s) {
    const std::int64_t u = s.units;
    for (std::int64_t row = 0; row < s.rows; ++row) {
      const T *gates = s.gates + row * 3 * u, *apart = s.recurrent + row * 3 * u;
      T *input = s.d_input + row * 3 * u, *part = s.d_recurrent + row * 3 * u;
      const Lanes<T> z(gates, u), r(gates + u, u), n(gates + 2 * u, u), before(s.hidden_before + row * u, u);
      const Lanes<T> dh(s.d_hidden + row * u, u), da(input + 2 * u, u);
      MutableLanes<T>(input + 2 * u, u) = dh * (1 - z) * (1 - n * n);
      MutableLanes<T>(input, u) = dh * (before - n) * z * (1 - z);
      MutableLanes<T>(input + u, u) = da * Lanes<T>(apart + 2 * u, u) * r * (1 - r);
      MutableLanes<T>(part, 2 * u) = Lanes<T>(input, 2 * u);
      MutableLanes<T>(part + 2 * u, u) = da * r;
      MutableLanes<T>(s.d_hidden + row * u, u) = dh * z;
    }
  }
  static kernels::States composed(const Variable& input, const Variable& recurrent,
                                  const kernels::States& before) {
    const std::int64_t u = before.hidden.shape()[1];
    const auto a = [&](std::int64_t k) { return kernels::gate(input, k, u); };
    const auto p = [&](std::int64_t k) { return kernels::gate(recurrent, k, u); };
    const Variable z = sigmoid(add(a(0), p(0))), r = sigmoid(add(a(1), p(1)));
    const Variable n = tanh(add(a(2), multiply(r, p(2))));
    return {add(multiply(z, before.hidden), multiply(subtract(1, z), n)), {}};
  }
};

RecurrentResult run(const kernels::RecurrentCall& call) {
  LstmResult result = kernels::run_recurrent<GruCell>(call);
  return {std::move(result.output), std::move(result.hidden)};
}

}  // namespace

RecurrentResult gru(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel,
                    RecurrentOptions options) {
  return run({x, kernel, recurrent_kernel, nullptr, &options.initial_hidden, nullptr,
              options.return_sequences, options.go_backwards});
}
RecurrentResult gru(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel,
                    const Operand& bias, RecurrentOptions options) {
  return run({x, kernel, recurrent_kernel, &bias, &options.initial_hidden, nullptr, options.return_sequences,
              options.go_backwards});
}

namespace records {

OpInfo gru() {
  return record::recurrent(
      {.formula = "z, r = sigmoid(a + p), n = tanh(a + r p), h_t = z h_{t-1} + (1 - z) n; a = x_t kernel + "
                  "bias[0], p = h_{t-1} recurrent + bias[1]",
       .gradient =
           "through time: dz = dh (h_{t-1} - n), dn = dh (1 - z), dr = dn (1 - n^2) p; dh_{t-1} = dh z + "
           "dp recurrent^T"},
      GruCell::kKind, [](const record::RecurrentSample& a) {
        const auto options = a.options<RecurrentOptions>();
        const RecurrentResult y = a.bias == nullptr
                                      ? gradus::gru(a.x, a.kernel, a.recurrent, options)
                                      : gradus::gru(a.x, a.kernel, a.recurrent, *a.bias, options);
        return LstmResult{y.output, y.hidden, {}};
      });
}

}  // namespace records

}  // namespace gradus
