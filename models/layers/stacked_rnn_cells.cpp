#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/layer_access.h>
#include <gradus/models/layers/cells.h>
#include <gradus/models/layers/inner_layer.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/placed.h>
#include <gradus/models/layers/recurrent_cell.h>

namespace gradus {

template <>
inline constexpr auto kFields<StackedRNNCellsOptions> = std::tuple();

namespace {

class StackedRNNCellsKind : public RecurrentCell {
 public:
  StackedRNNCellsKind(const std::vector<Layer>& cells, const StackedRNNCellsOptions& options)
      : RecurrentCell(common_options(options)) {
    if (cells.empty()) throw ValueError("StackedRNNCells: needs at least one cell");
    LayerAccess::Names names;
    for (const Layer& layer : cells) {
      require_cell(layer, "StackedRNNCells");
      names.claim(layer, "StackedRNNCells", "stacked_rnn_cells");
      cells_.push_back(layer);
    }
  }

  std::vector<std::int64_t> state_sizes() const override {
    std::vector<std::int64_t> sizes;
    for (const Layer& layer : cells_) {
      const std::vector<std::int64_t> own = cell(layer).state_sizes();
      sizes.insert(sizes.end(), own.begin(), own.end());
    }
    return sizes;
  }
  std::int64_t output_size() const override { return cell(cells_.back()).output_size(); }

  void build(const Shape& input) override {
    Shape shape = input;
    for (const Layer& layer : cells_) {
      std::vector<Shape> shapes = {shape};
      for (const std::int64_t size : cell(layer).state_sizes()) shapes.push_back({size});
      layer.build_all(shapes);
      shape = {cell(layer).output_size()};
    }
  }

  Noise draw(std::int64_t batch, const Shape& input, DType dtype) override {
    Noise noise;
    Shape shape = input;
    for (const Layer& layer : cells_) {
      noise.cells.push_back(cell(layer).draw(batch, shape, dtype));
      shape = {cell(layer).output_size()};
    }
    return noise;
  }

  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions& options) override {
    const Shape shape = inputs.front().shape();
    return step(inputs, options,
                options.training && shape.rank() == 2 ? draw(shape[0], {shape[1]}, dtype()) : Noise{});
  }

  std::vector<Variable> step(const std::vector<Operand>& inputs, const CallOptions& options,
                             const Noise& noise) override {
    const std::size_t wanted = 1 + state_sizes().size();
    if (inputs.size() != wanted) {
      throw ValueError(name() + ": StackedRNNCells takes " + std::to_string(wanted) +
                       " inputs, x and the states, got " + std::to_string(inputs.size()));
    }
    const Placed at(inputs.front().where());
    std::vector<Variable> results(1);
    Operand x = inputs.front();
    std::size_t next = 1;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const Scope scope(cells_[i].name());
      std::vector<Operand> own = {x};
      for (std::size_t k = cell(cells_[i]).state_sizes().size(); k != 0; --k) own.push_back(inputs[next++]);
      std::vector<Variable> made = cell(cells_[i]).step(own, options, part(noise, i));
      results.insert(results.end(), made.begin() + 1, made.end());
      x = at(made.front());
    }
    results.front() = x.variable();
    return results;
  }

  // Each cell over all steps before the next one.
  std::optional<Sequence> run(const Operand& x, const std::vector<Operand>& states, Order order,
                              const Noise& noise) override {
    const Placed at(x.where());
    Sequence result;
    Operand input = x;
    auto next = states.begin();
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const Scope scope(cells_[i].name());
      const bool last = i + 1 == cells_.size();
      std::vector<Operand> own;
      if (!states.empty()) {
        const auto end = next + static_cast<std::ptrdiff_t>(cell(cells_[i]).state_sizes().size());
        own.assign(next, end);
        next = end;
      }
      std::optional<Sequence> made = cell(cells_[i]).run(
          input, own,
          {.return_sequences = order.return_sequences || !last, .go_backwards = order.go_backwards && i == 0},
          part(noise, i));
      if (!made) return std::nullopt;
      result.states.insert(result.states.end(), made->states.begin(), made->states.end());
      input = at(std::move(made->output));
    }
    result.output = input.variable();
    return result;
  }

  std::vector<Layer> layers() const override { return cells_; }

  Config get_config() const override { return Config().set("cells", to_config_value(cells_)); }

 private:
  static RecurrentCell& cell(const Layer& layer) { return layer.as<RecurrentCell>(); }
  static const Noise& part(const Noise& noise, std::size_t i) {
    static const Noise none;
    return noise.cells.empty() ? none : noise.cells[i];
  }

  std::vector<Layer> cells_;
};

}  // namespace

StackedRNNCells::StackedRNNCells(const std::vector<Layer>& cells, StackedRNNCellsOptions options)
    : Layer(std::make_shared<StackedRNNCellsKind>(cells, std::move(options)), "StackedRNNCells") {}

StackedRNNCells StackedRNNCells::from_config(const Config& config) {
  LayerConfig own(config, "StackedRNNCells");
  const auto cells = own.take<std::vector<Layer>>("cells");
  return StackedRNNCells(cells, own.options<StackedRNNCellsOptions>());
}

}  // namespace gradus
