#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/nn/recurrent.h>
#include <gradus/ops/kernels/nn/recurrent_records.h>

#include <array>

namespace gradus {

namespace {

// The gates lie in the order i, f, c, o; i, f and o become 1 / (1 + e^-..), c becomes tanh.
struct LstmCell {
  static constexpr kernels::CellKind kKind = {.name = "lstm", .gates = 4, .has_cell = true};

  template <class T>
  static void run(const kernels::Step<T>& s) {
    using V = kernels::Vector<T>;
    const auto step =
        [](V ai, V af, V an, V ao, V bi, V bf, V bn, V bo, V before) __attribute__((always_inline)) {
      const V i = sigmoid(ai + bi), f = sigmoid(af + bf), n = tanh(an + bn), o = sigmoid(ao + bo);
      const V cell = f * before + i * n;
      return std::array{i, f, n, o, cell, o * tanh(cell)};
    };
    const std::int64_t u = s.units;
    const T *bi = s.bias, *bf = bi + u, *bn = bf + u, *bo = bn + u;
    for (std::int64_t at = 0; at < s.rows * u; at += u) {
      T *i = s.gates + 4 * at, *f = i + u, *n = f + u, *o = n + u;
      kernels::each_unit(u, std::array{i, f, n, o, s.cell + at, s.hidden + at}, step, i, f, n, o, bi, bf, bn,
                         bo, s.cell_before + at);
    }
  }
  // For c' = f c + i n, h' = o tanh(c'): do = dh' tanh(c'), dc' += dh' o (1 - tanh(c')^2), di = dc' n,
  // df = dc' c, dn = dc' i, dc = dc' f; each through its sigmoid or tanh.
  template <class T>
  static void run_back(const kernels::StepBack<T>& s) {
    using V = kernels::Vector<T>;
    const auto step = [](V i, V f, V n, V o, V before, V cell, V dh, V dc) __attribute__((always_inline)) {
      const V squashed = tanh(cell);
      dc = dc + dh * o * (1 - squashed * squashed);
      const V di = dc * n * i * (1 - i), df = dc * before * f * (1 - f), dn = dc * i * (1 - n * n);
      return std::array{di, df, dn, dh * squashed * o * (1 - o), dc * f, V(0)};
    };
    const std::int64_t u = s.units;
    for (std::int64_t at = 0; at < s.rows * u; at += u) {
      const T *i = s.gates + 4 * at, *f = i + u, *n = f + u, *o = n + u;
      T *di = s.d_input + 4 * at, *df = di + u, *dn = df + u, *d_o = dn + u;
      T *dh = s.d_hidden + at, *dc = s.d_cell + at;
      kernels::each_unit(u, std::array{di, df, dn, d_o, dc, dh}, step, i, f, n, o, s.cell_before + at,
                         s.cell + at, dh, dc);
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
