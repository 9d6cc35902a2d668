#include <gradus/models/layers/cells.h>
#include <gradus/models/layers/gated_cell.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/shape.h>

namespace gradus {

template <>
inline constexpr auto kFields<LSTMCellOptions> = recurrent_fields<LSTMCellOptions>();

namespace {

class LSTMCellKind : public GatedCell {
 public:
  LSTMCellKind(std::int64_t units, const LSTMCellOptions& options) : GatedCell(units, 4, options) {}

  std::vector<std::int64_t> state_sizes() const override { return {units(), units()}; }

  std::optional<Sequence> run(const Operand& x, const std::vector<Operand>& states, Order order,
                              const Noise& noise) override {
    if (!fits_op(noise)) return std::nullopt;
    const Placed at(x.where());
    LstmOptions options = {.return_sequences = order.return_sequences, .go_backwards = order.go_backwards};
    if (!states.empty()) {
      options.initial_hidden = states[0];
      options.initial_cell = states[1];
    }
    const Operand kept = at(dropped(x, noise)), kernel = at(this->kernel()),
                  recurrent = at(recurrent_kernel());
    LstmResult result = settings().use_bias ? lstm(kept, kernel, recurrent, at(bias()), options)
                                            : lstm(kept, kernel, recurrent, options);
    return Sequence{std::move(result.output), {std::move(result.hidden), std::move(result.cell)}};
  }

 protected:
  std::vector<Variable> states_after(const std::vector<Operand>& inputs, const Noise& noise) override {
    const Placed at(inputs[0].where());
    Variable sum = add(at(product(inputs[0], kernel(), noise.input)),
                       at(product(inputs[1], recurrent_kernel(), noise.recurrent)));
    if (settings().use_bias) sum = add(at(std::move(sum)), at(bias()));
    const std::vector<Variable> gates = split(at(std::move(sum)), 4, {.axis = 1});
    const Variable i = activate_gate(at(gates[0])), f = activate_gate(at(gates[1])),
                   n = activate(at(gates[2])), o = activate_gate(at(gates[3]));
    const Variable c = add(at(multiply(at(f), at(inputs[2]))), at(multiply(at(i), at(n))));
    return {multiply(at(o), at(activate(at(c)))), c};
  }
};

}  // namespace

LSTMCell::LSTMCell(std::int64_t units, LSTMCellOptions options)
    : Layer(std::make_shared<LSTMCellKind>(units, std::move(options)), "LSTMCell") {}

LSTMCell LSTMCell::from_config(const Config& config) {
  return layer_of_units<LSTMCell, LSTMCellOptions>(config, "LSTMCell");
}

}  // namespace gradus
