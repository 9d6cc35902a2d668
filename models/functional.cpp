#include <gradus/models/functional.h>
#include <gradus/models/layer_access.h>
#include <gradus/models/layers/input_kind.h>
#include <gradus/models/sample_shape.h>

#include <algorithm>
#include <map>
#include <set>

namespace gradus {

namespace {

using SymbolCall = Symbol::Call;
using ValueOf = std::map<std::pair<const SymbolCall*, std::size_t>, std::size_t>;

// The calls between inputs and outputs, each after what it needs. A loop, as models may be deep.
std::vector<const SymbolCall*> sorted_calls(const std::vector<Symbol>& outputs, const ValueOf& entries,
                                            std::string_view model) {
  struct Visit {
    const SymbolCall* call;
    std::size_t next = 0;
  };
  std::vector<const SymbolCall*> order;
  std::set<const SymbolCall*> seen;
  std::vector<Visit> open;
  const auto enter = [&](const Symbol& symbol) {
    if (entries.contains({&symbol.call(), symbol.output()}) || seen.contains(&symbol.call())) return;
    if (symbol.call().inputs.empty()) {
      throw ValueError("Model: an output of '" + std::string(model) + "' depends on Input '" + symbol.name() +
                       "', which is not among the inputs");
    }
    seen.insert(&symbol.call());
    open.push_back({&symbol.call()});
  };
  for (const Symbol& output : outputs) {
    enter(output);
    while (!open.empty()) {
      Visit& visit = open.back();
      if (visit.next < visit.call->inputs.size()) {
        enter(visit.call->inputs[visit.next++]);
      } else {
        order.push_back(visit.call);
        open.pop_back();
      }
    }
  }
  return order;
}

// Keras lists layers by their distance from the outputs, the farthest first, and by the order of calls among
// those of one distance. A layer of several calls stands where it is farthest.
std::vector<Layer> layers_by_depth(const std::vector<const SymbolCall*>& order,
                                   const std::vector<Symbol>& inputs) {
  std::map<const SymbolCall*, std::int64_t> depth;
  for (auto call = order.rbegin(); call != order.rend(); ++call) {
    const std::int64_t own = depth[*call];
    for (const Symbol& input : (*call)->inputs) {
      std::int64_t& below = depth[&input.call()];
      below = std::max(below, own + 1);
    }
  }
  std::int64_t deepest = 0;
  for (const auto& [call, own] : depth) deepest = std::max(deepest, own);

  struct Entry {
    Layer layer;
    std::int64_t depth;
  };
  std::vector<Entry> entries;
  std::map<const Layer::Kind*, std::size_t> known;
  const auto add = [&](const SymbolCall& call, std::int64_t own) {
    const auto [place, is_new] = known.emplace(&call.layer.kind(), entries.size());
    if (is_new) entries.push_back({call.layer, own});
    std::int64_t& farthest = entries[place->second].depth;
    farthest = std::max(farthest, own);
  };
  for (const Symbol& input : inputs) {
    if (input.call().inputs.empty()) add(input.call(), deepest);
  }
  for (const SymbolCall* call : order) add(*call, depth[call]);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.depth > b.depth; });
  std::vector<Layer> layers;
  for (const Entry& entry : entries) layers.push_back(entry.layer);
  return layers;
}

std::optional<DType> sample_dtype(const Symbol& input) {
  const auto* kind = dynamic_cast<const InputKind*>(&input.call().layer.kind());
  return kind == nullptr ? std::nullopt : kind->sample_dtype();
}

}  // namespace

FunctionalKind::FunctionalKind(const std::vector<Symbol>& inputs, const std::vector<Symbol>& outputs,
                               ModelOptions options)
    : Model::Kind(std::move(options)) {
  if (inputs.empty() || outputs.empty()) throw ValueError("Model: needs at least one input and one output");
  ValueOf values;
  for (const Symbol& input : inputs) {
    if (!values.emplace(std::pair(&input.call(), input.output()), values.size()).second) {
      throw ValueError("Model: '" + input.name() + "' is among the inputs twice");
    }
  }
  const std::vector<const SymbolCall*> order = sorted_calls(outputs, values, name());
  layers_ = layers_by_depth(order, inputs);
  std::map<const Layer::Kind*, std::size_t> places;
  for (const Layer& layer : layers_) places.emplace(&layer.kind(), places.size());
  const auto place_of = [&](const Layer& layer) {
    const auto found = places.find(&layer.kind());
    return found == places.end() ? kNoLayer : found->second;
  };
  for (const Symbol& input : inputs) layer_of_value_.push_back(place_of(input.call().layer));
  for (const SymbolCall* call : order) {
    Step step{.layer = call->layer, .options = call->options, .output_shapes = call->output_shapes};
    for (const Symbol& input : call->inputs) {
      step.inputs.push_back(values.at({&input.call(), input.output()}));
      step.input_shapes.push_back(input.shape());
    }
    step.first_output = layer_of_value_.size();
    for (std::size_t i = 0; i < call->output_shapes.size(); ++i) {
      values.emplace(std::pair(call, i), layer_of_value_.size());
      layer_of_value_.push_back(place_of(call->layer));
    }
    steps_.push_back(std::move(step));
  }
  for (const Symbol& output : outputs) output_values_.push_back(values.at({&output.call(), output.output()}));
  // Layers that are not taken in keep the names they have.
  std::vector<std::string> before;
  for (const Layer& layer : layers_) before.push_back(layer.name());
  try {
    take_in(inputs, outputs);
  } catch (...) {
    for (std::size_t i = 0; i < layers_.size(); ++i) LayerAccess::set_name(layers_[i], before[i]);
    throw;
  }
}

void FunctionalKind::take_in(const std::vector<Symbol>& inputs, const std::vector<Symbol>& outputs) {
  claim_names();
  std::vector<Shape> shapes;
  for (const Symbol& input : inputs) {
    inputs_.push_back({input.name(), input.shape(), sample_dtype(input)});
    shapes.push_back(input.shape());
  }
  std::set<std::string, std::less<>> taken;
  for (const Symbol& output : outputs) {
    std::string port = output.name();
    for (int i = 1; !taken.insert(port).second; ++i) port = output.name() + "_" + std::to_string(i);
    outputs_.push_back({port, output.shape(), {}});
  }
  LayerAccess::build_once(*this, shapes);
  for (const Layer& layer : layers_) LayerAccess::set_in_model(layer);
}

// Fixed names go first, so that a new layer does not take one.
void FunctionalKind::claim_names() {
  LayerAccess::Names names;
  for (const bool fixed : {true, false}) {
    for (const Layer& layer : layers_) {
      if (LayerAccess::Names::fixed(layer) == fixed) names.claim(layer, "Model", name());
    }
  }
}

void FunctionalKind::build_all(const std::vector<Shape>& inputs) {
  give_context();
  for (const Step& step : steps_) step.layer.build_all(step.input_shapes);
  std::vector<Shape> outputs;
  for (const Port& port : outputs_) outputs.push_back(port.shape);
  set_shapes(inputs, std::move(outputs));
  // A layer that was built for other shapes, or whose output is not what it said, shows here, not in fit.
  Model::Kind::try_out(inputs);
}

std::vector<Shape> FunctionalKind::output_shapes(const std::vector<Shape>& inputs) {
  if (inputs.size() != inputs_.size()) {
    throw ValueError("model '" + name() + "' takes " + std::to_string(inputs_.size()) + " inputs, got " +
                     std::to_string(inputs.size()));
  }
  std::vector<Shape> values = inputs;
  for (const Step& step : steps_) {
    std::vector<Shape> taken;
    for (const std::size_t value : step.inputs) taken.push_back(values[value]);
    for (Shape& shape : step.layer.output_shapes(taken)) values.push_back(std::move(shape));
  }
  std::vector<Shape> shapes;
  for (const std::size_t value : output_values_) shapes.push_back(values[value]);
  return shapes;
}

Variable FunctionalKind::call(const Operand& x, CallOptions options) {
  return call_masked({x}, options).front().value;
}

std::vector<Variable> FunctionalKind::call_all(const std::vector<Operand>& inputs,
                                               const CallOptions& options) {
  std::vector<Variable> outputs;
  for (Masked& output : call_masked(inputs, options)) outputs.push_back(std::move(output.value));
  return outputs;
}

std::vector<Masked> FunctionalKind::call_masked(const std::vector<Operand>& inputs,
                                                const CallOptions& options) {
  if (inputs.size() != inputs_.size()) {
    throw ValueError("call: model '" + name() + "' takes " + std::to_string(inputs_.size()) +
                     " inputs, got " + std::to_string(inputs.size()));
  }
  const SourceLocation where = inputs.front().where();
  std::vector<Masked> values(layer_of_value_.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    values[i] = {inputs[i].variable(), i < options.mask.size() ? options.mask[i] : Tensor()};
  }
  std::vector<Operand> taken;
  for (const Step& step : steps_) {
    CallOptions own = step.options;
    if (!own.training.given()) own.training = options.training;
    taken.clear();
    bool masked = false;
    for (const std::size_t value : step.inputs) {
      taken.emplace_back(values[value].value, where);
      masked = masked || values[value].mask.defined();
    }
    if (masked && own.mask.empty()) {
      for (const std::size_t value : step.inputs) own.mask.push_back(values[value].mask);
    }
    std::vector<Masked> made = LayerAccess::call(step.layer, taken, own);
    if (made.size() != step.output_shapes.size()) {
      throw StateError(step.layer.name() + ": gave " + std::to_string(made.size()) + " outputs, said " +
                       std::to_string(step.output_shapes.size()) + " (output_shapes)");
    }
    for (std::size_t i = 0; i < made.size(); ++i) values[step.first_output + i] = std::move(made[i]);
  }
  std::vector<Masked> outputs;
  for (const std::size_t value : output_values_) outputs.push_back(values[value]);
  return outputs;
}

Model::Model(const std::vector<Symbol>& inputs, const std::vector<Symbol>& outputs, ModelOptions options)
    : Model(std::make_shared<FunctionalKind>(inputs, outputs, std::move(options)), "Functional") {}

}  // namespace gradus
