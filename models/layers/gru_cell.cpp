#include <gradus/models/layers/cells.h>
#include <gradus/models/layers/gated_cell.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/shape.h>

namespace gradus {

template <>
inline constexpr auto kFields<GRUCellOptions> = recurrent_fields<GRUCellOptions>();

namespace {

class GRUCellKind : public GatedCell {
 public:
  GRUCellKind(std::int64_t units, const GRUCellOptions& options) : GatedCell(units, 3, options) {}

  std::optional<Sequence> run(const Operand& x, const std::vector<Operand>& states, Order order,
                              const Noise& noise) override {
    if (!fits_op(noise) || !settings().reset_after) return std::nullopt;
    const Placed at(x.where());
    RecurrentOptions options = {.return_sequences = order.return_sequences,
                                .go_backwards = order.go_backwards};
    if (!states.empty()) options.initial_hidden = states.front();
    const Operand kept = at(dropped(x, noise)), kernel = at(this->kernel()),
                  recurrent = at(recurrent_kernel());
    RecurrentResult result = settings().use_bias ? gru(kept, kernel, recurrent, at(bias()), options)
                                                 : gru(kept, kernel, recurrent, options);
    return Sequence{std::move(result.output), {std::move(result.hidden)}};
  }

 protected:
  Shape bias_shape() const override {
    return settings().reset_after ? Shape{2, 3 * units()} : Shape{3 * units()};
  }

  std::vector<Variable> states_after(const std::vector<Operand>& inputs, const Noise& noise) override {
    const Placed at(inputs[0].where());
    const Operand& h = inputs[1];
    std::vector<Variable> x = split(at(from_input(inputs[0], noise)), 3, {.axis = 1});
    Variable z, r, candidate;
    if (settings().reset_after) {
      Variable recurrent = product(h, recurrent_kernel(), noise.recurrent);
      if (settings().use_bias) recurrent = add(at(std::move(recurrent)), at(bias_row(1)));
      const std::vector<Variable> parts = split(at(std::move(recurrent)), 3, {.axis = 1});
      z = activate_gate(at(add(at(x[0]), at(parts[0]))));
      r = activate_gate(at(add(at(x[1]), at(parts[1]))));
      candidate = multiply(at(r), at(parts[2]));
    } else {
      // The candidate's part of the state is multiplied by r before the product.
      const std::vector<Variable> kernels = split(at(recurrent_kernel()), 3, {.axis = 1});
      const auto masked = [&](std::size_t gate) {
        return noise.recurrent.empty() ? h.variable() : multiply(h, at(noise.recurrent[gate]));
      };
      const auto part = [&](std::size_t gate) { return dense(at(masked(gate)), at(kernels[gate])); };
      z = activate_gate(at(add(at(x[0]), at(part(0)))));
      r = activate_gate(at(add(at(x[1]), at(part(1)))));
      candidate = dense(at(multiply(at(r), at(masked(2)))), at(kernels[2]));
    }
    const Variable n = activate(at(add(at(x[2]), at(std::move(candidate)))));
    return {add(at(multiply(at(z), at(h))), at(multiply(at(subtract(1, at(z))), at(n))))};
  }

 private:
  Variable from_input(const Operand& x, const Noise& noise) const {
    const Placed at(x.where());
    Variable sum = product(x, kernel(), noise.input);
    if (!settings().use_bias) return sum;
    return add(at(std::move(sum)), at(settings().reset_after ? bias_row(0) : Variable(bias())));
  }
  Variable bias_row(std::int64_t row) const {
    return reshape(slice(bias(), {{.start = row, .stop = row + 1}}), {3 * units()});
  }
};

}  // namespace

GRUCell::GRUCell(std::int64_t units, GRUCellOptions options)
    : Layer(std::make_shared<GRUCellKind>(units, std::move(options)), "GRUCell") {}

GRUCell GRUCell::from_config(const Config& config) {
  return layer_of_units<GRUCell, GRUCellOptions>(config, "GRUCell");
}

}  // namespace gradus
