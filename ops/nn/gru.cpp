#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/nn/recurrent.h>
#include <gradus/ops/kernels/nn/recurrent_records.h>

#include <array>

namespace gradus {

namespace {

// The gates lie in the order z, r, h; z and r become 1 / (1 + e^-..), h = tanh(a_h + r p_h).
struct GruCell {
  static constexpr kernels::CellKind kKind = {.name = "gru", .gates = 3, .apart = true};

  template <class T>
  static void run(const kernels::Step<T>& s) {
    using V = kernels::Vector<T>;
    const auto step = [](V az, V ar, V an, V pz, V pr, V pn, V bz, V br, V bn, V cz, V cr, V cn, V before)
        __attribute__((always_inline)) {
      const V z = sigmoid((az + bz) + (pz + cz)), r = sigmoid((ar + br) + (pr + cr)), part = pn + cn;
      const V n = tanh(an + bn + r * part);
      return std::array{z, r, n, part, z * before + (1 - z) * n};
    };
    const std::int64_t u = s.units;
    const T *bz = s.bias, *br = bz + u, *bn = br + u, *cz = bn + u, *cr = cz + u, *cn = cr + u;
    for (std::int64_t at = 0; at < s.rows * u; at += u) {
      T *z = s.gates + 3 * at, *r = z + u, *n = r + u;
      T *pz = s.recurrent + 3 * at, *pr = pz + u, *pn = pr + u;
      kernels::each_unit(u, std::array{z, r, n, pn, s.hidden + at}, step, z, r, n, pz, pr, pn, bz, br, bn, cz,
                         cr, cn, s.hidden_before + at);
    }
  }
  // For h' = z h + (1 - z) n, n = tanh(a_n + r p_n): dz = dh' (h - n), dn = dh' (1 - z), and
  // da_n = dn (1 - n^2), dp_n = da_n r, dr = da_n p_n, dh = dh' z.
  template <class T>
  static void run_back(const kernels::StepBack<T>& s) {
    using V = kernels::Vector<T>;
    const auto step = [](V z, V r, V n, V part, V before, V dh) __attribute__((always_inline)) {
      const V dn = dh * (1 - z) * (1 - n * n), dz = dh * (before - n) * z * (1 - z);
      const V dr = dn * part * r * (1 - r);
      return std::array{dz, dr, dn, dz, dr, dn * r, dh * z};
    };
    const std::int64_t u = s.units;
    for (std::int64_t at = 0; at < s.rows * u; at += u) {
      const T *z = s.gates + 3 * at, *r = z + u, *n = r + u, *pn = s.recurrent + 3 * at + 2 * u;
      T *az = s.d_input + 3 * at, *ar = az + u, *an = ar + u;
      T *pz = s.d_recurrent + 3 * at, *pr = pz + u, *p = pr + u, *dh = s.d_hidden + at;
      kernels::each_unit(u, std::array{az, ar, an, pz, pr, p, dh}, step, z, r, n, pn, s.hidden_before + at,
                         dh);
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
