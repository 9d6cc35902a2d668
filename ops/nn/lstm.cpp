#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/nn/recurrent.h>
#include <gradus/ops/kernels/nn/recurrent_records.h>

namespace gradus {

namespace {

// The gates lie in the order i, f, c, o; i, f and o become 1 / (1 + e^-..), c becomes tanh.
struct LstmCell {
  static constexpr kernels::CellKind kKind = {.name = "lstm", .gates = 4, .has_cell = true};

  template <class T>
  static void run(const kernels::Step<T>& s) {
    const std::int64_t u = s.units;
    for (std::int64_t row = 0; row < s.rows; ++row) {
      T* gates = s.gates + row * 4 * u;
      const auto sum = [&](std::int64_t from, std::int64_t count) {
        return Lanes<T>(gates + from, count) + Lanes<T>(s.bias + from, count);
      };
      MutableLanes<T>(gates, 2 * u) = sigmoid(sum(0, 2 * u));
      MutableLanes<T>(gates + 2 * u, u) = tanh(sum(2 * u, u));
      MutableLanes<T>(gates + 3 * u, u) = sigmoid(sum(3 * u, u));
      const Lanes<T> i(gates, u), f(gates + u, u), n(gates + 2 * u, u), o(gates + 3 * u, u);
      const Lanes<T> cell(s.cell + row * u, u);
      MutableLanes<T>(s.cell + row * u, u) = f * Lanes<T>(s.cell_before + row * u, u) + i * n;
      MutableLanes<T>(s.hidden + row * u, u) = o * tanh(cell);
    }
  }
  // For c' = f c + i n, h' = o tanh(c'): do = dh' tanh(c'), dc' += dh' o (1 - tanh(c')^2), di = dc' n,
  // df = dc' c, dn = dc' i, dc = dc' f; each through its sigmoid or tanh.
  template <class T>
  static void run_back(const kernels::StepBack<T>& s) {
    const std::int64_t u = s.units;
    for (std::int64_t row = 0; row < s.rows; ++row) {
      const T* gates = s.gates + row * 4 * u;
      T* input = s.d_input + row * 4 * u;
      const Lanes<T> i(gates, u), f(gates + u, u), n(gates + 2 * u, u), o(gates + 3 * u, u);
      const Lanes<T> dh(s.d_hidden + row * u, u), dc(s.d_cell + row * u, u), squashed(input, u);
      MutableLanes<T>(input, u) = tanh(Lanes<T>(s.cell + row * u, u));
      MutableLanes<T>(input + 3 * u, u) = dh * squashed * o * (1 - o);
      MutableLanes<T>(s.d_cell + row * u, u) += dh * o * (1 - squashed * squashed);
      MutableLanes<T>(input, u) = dc * n * i * (1 - i);
      MutableLanes<T>(input + u, u) = dc * Lanes<T>(s.cell_before + row * u, u) * f * (1 - f);
      MutableLanes<T>(input + 2 * u, u) = dc * i * (1 - n * n);
      MutableLanes<T>(s.d_cell + row * u, u) *= f;
      MutableLanes<T>(s.d_hidden + row * u, u).setZero();
    }
  }
  static kernels::States composed(const Variable& input, const Variable& recurrent,
                                  const kernels::States& before) {
    const Variable gates = add(input, recurrent);
    const auto part = [&](std::int64_t k) { return kernels::gate(gates, k, before.hidden.shape()[1]); };
    const Variable cell =
        add(multiply(sigmoid(part(1)), before.cell), multiply(sigmoid(part(0)), tanh(part(2))));
    return {multiply(sigmoid(part(3)), tanh(cell)), cell};
  }
};

}  // namespace

LstmResult lstm(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel,
                LstmOptions options) {
  return kernels::run_recurrent<LstmCell>({x, kernel, recurrent_kernel, nullptr, &options.initial_hidden,
                                           &options.initial_cell, options.return_sequences,
                                           options.go_backwards});
}
LstmResult lstm(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel, const Operand& bias,
                LstmOptions options) {
  return kernels::run_recurrent<LstmCell>({x, kernel, recurrent_kernel, &bias, &options.initial_hidden,
                                           &options.initial_cell, options.return_sequences,
                                           options.go_backwards});
}

namespace records {

OpInfo lstm() {
  return record::recurrent(
      {.formula =
           "i, f, o = sigmoid(a), n = tanh(a), a = x_t kernel + h_{t-1} recurrent + bias; c_t = f c_{t-1} "
           "+ i n, h_t = o tanh(c_t)",
       .gradient =
           "through time: do = dh tanh(c_t), dc += dh o (1 - tanh(c_t)^2), di = dc n, df = dc c_{t-1}, "
           "dn = dc i; dc_{t-1} = dc f, dh_{t-1} = da recurrent^T"},
      LstmCell::kKind, [](const record::RecurrentSample& a) {
        const auto options = a.options<LstmOptions>();
        return a.bias == nullptr ? gradus::lstm(a.x, a.kernel, a.recurrent, options)
                                 : gradus::lstm(a.x, a.kernel, a.recurrent, *a.bias, options);
      });
}

}  // namespace records

}  // namespace gradus
