#include <gradus/models/layers/cells.h>
#include <gradus/models/layers/gated_cell.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>

namespace gradus {

template <>
inline constexpr auto kFields<SimpleRNNCellOptions> = recurrent_fields<SimpleRNNCellOptions>();

namespace {

class SimpleRNNCellKind : public GatedCell {
 public:
  SimpleRNNCellKind(std::int64_t units, const SimpleRNNCellOptions& options) : GatedCell(units, 1, options) {}

  std::optional<Sequence> run(const Operand& x, const std::vector<Operand>& states, Order order,
                              const Noise& noise) override {
    if (!fits_op(noise)) return std::nullopt;
    const Placed at(x.where());
    RecurrentOptions options = {.return_sequences = order.return_sequences,
                                .go_backwards = order.go_backwards};
    if (!states.empty()) options.initial_hidden = states.front();
    const Operand kept = at(dropped(x, noise)), kernel = at(this->kernel()),
                  recurrent = at(recurrent_kernel());
    RecurrentResult result = settings().use_bias ? simple_rnn(kept, kernel, recurrent, at(bias()), options)
                                                 : simple_rnn(kept, kernel, recurrent, options);
    return Sequence{std::move(result.output), {std::move(result.hidden)}};
  }

 protected:
  std::vector<Variable> states_after(const std::vector<Operand>& inputs, const Noise& noise) override {
    const Placed at(inputs[0].where());
    Variable sum = add(at(product(inputs[0], kernel(), noise.input)),
                       at(product(inputs[1], recurrent_kernel(), noise.recurrent)));
    if (settings().use_bias) sum = add(at(std::move(sum)), at(bias()));
    return {activate(at(std::move(sum)))};
  }
};

}  // namespace

SimpleRNNCell::SimpleRNNCell(std::int64_t units, SimpleRNNCellOptions options)
    : Layer(std::make_shared<SimpleRNNCellKind>(units, std::move(options)), "SimpleRNNCell") {}

SimpleRNNCell SimpleRNNCell::from_config(const Config& config) {
  return layer_of_units<SimpleRNNCell, SimpleRNNCellOptions>(config, "SimpleRNNCell");
}

}  // namespace gradus
