#include <gradus/graph/error.h>
#include <gradus/models/functional.h>
#include <gradus/models/layer_registry.h>
#include <gradus/models/layers/input_kind.h>
#include <gradus/models/sequential.h>

#include <deque>
#include <map>
#include <set>

namespace gradus {

// Note [The config of a graph of layers]
// Each layer is listed with its calls, "inbound_nodes": for each the values it took, [layer, call, output],
// and the options of the call. A value of an Input is call 0. "input_layers" and "output_layers" name the
// model's ends in the same way.

namespace {

using Value = std::pair<std::string, std::pair<std::int64_t, std::int64_t>>;  // layer, call, output

ConfigValue value_config(const Value& value) {
  return ConfigValue::List{value.first, value.second.first, value.second.second};
}

Value read_value(const ConfigValue& config) {
  const ConfigValue::List& list = config.list();
  if (list.size() != 3) throw ValueError("config: a value of a graph is [layer, call, output]");
  return {list[0].text(), {list[1].integer(), list[2].integer()}};
}

Config options_config(const CallOptions& options, const std::string& layer) {
  if (!options.mask.empty() || options.attention_mask.defined()) {
    throw StateError("get_config: a call of '" + layer + "' was given a mask, which cannot be described");
  }
  Config config;
  if (options.training.given()) config.set("training", static_cast<bool>(options.training));
  if (options.use_causal_mask) config.set("use_causal_mask", true);
  return config;
}

CallOptions read_options(const Config& config) {
  CallOptions options;
  for (const auto& [name, value] : config.values()) {
    if (name == "training") {
      options.training = value.truth();
    } else if (name == "use_causal_mask") {
      options.use_causal_mask = value.truth();
    } else {
      throw ValueError("config: a call has no option '" + name + "'");
    }
  }
  return options;
}

}  // namespace

Config FunctionalKind::get_config() const {
  std::vector<Value> values;
  for (const Port& input : inputs_) values.push_back({input.name, {0, 0}});
  std::map<std::string, ConfigValue::List> calls;
  for (const Step& step : steps_) {
    ConfigValue::List inputs;
    for (const std::size_t value : step.inputs) inputs.push_back(value_config(values[value]));
    ConfigValue::List& of_layer = calls[step.layer.name()];
    const auto number = static_cast<std::int64_t>(of_layer.size());
    of_layer.emplace_back(Config()
                              .set("args", std::move(inputs))
                              .set("kwargs", options_config(step.options, step.layer.name())));
    for (std::size_t i = 0; i < step.output_shapes.size(); ++i) {
      values.push_back({step.layer.name(), {number, static_cast<std::int64_t>(i)}});
    }
  }
  ConfigValue::List list;
  for (const Layer& layer : layers_) {
    Config config = serialize_layer(layer);
    config.set("name", layer.name()).set("inbound_nodes", std::move(calls[layer.name()]));
    list.emplace_back(std::move(config));
  }
  ConfigValue::List inputs, outputs;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (layer_of_value_[i] == kNoLayer) {
      throw StateError("get_config: the inputs of '" + name() + "' are not all Inputs");
    }
    inputs.push_back(value_config(values[i]));
  }
  for (const std::size_t value : output_values_) outputs.push_back(value_config(values[value]));
  return Config()
      .set("layers", std::move(list))
      .set("input_layers", std::move(inputs))
      .set("output_layers", std::move(outputs));
}

Model Model::from_config(const Config& config) {
  if (config.find("input_layers") == nullptr) return Sequential::from_config(config);
  struct Pending {
    Layer layer;
    const Config* config;
    std::int64_t number;
  };
  std::map<Value, Symbol> values;
  std::deque<Pending> open;
  std::set<std::string, std::less<>> names;
  for (const ConfigValue& entry : config["layers"].list()) {
    const Layer layer = deserialize_layer(entry.config());
    if (!names.insert(layer.name()).second) {
      throw ValueError("config: two layers are called '" + layer.name() + "'; names in a model differ");
    }
    const ConfigValue::List& calls = entry.config()["inbound_nodes"].list();
    if (calls.empty()) {
      values.emplace(Value{layer.name(), {0, 0}}, symbol_of_input(layer));
      continue;
    }
    std::int64_t number = 0;
    for (const ConfigValue& call : calls) open.push_back({layer, &call.config(), number++});
  }
  // A call is made once what it takes is there; a round in which none is made would go on for ever.
  std::size_t waited = 0;
  while (!open.empty()) {
    Pending call = open.front();
    open.pop_front();
    std::vector<Symbol> inputs;
    const ConfigValue::List& args = (*call.config)["args"].list();
    for (const ConfigValue& arg : args) {
      const auto found = values.find(read_value(arg));
      if (found != values.end()) inputs.push_back(found->second);
    }
    if (inputs.size() != args.size()) {
      open.push_back(call);
      if (++waited > open.size()) {
        throw ValueError("config: '" + call.layer.name() + "' takes a value that no layer gives");
      }
      continue;
    }
    waited = 0;
    const std::vector<Symbol> outputs =
        call.layer.call_all(inputs, read_options((*call.config)["kwargs"].config()));
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      values.emplace(Value{call.layer.name(), {call.number, static_cast<std::int64_t>(i)}}, outputs[i]);
    }
  }
  const auto ends = [&](std::string_view which) {
    std::vector<Symbol> symbols;
    for (const ConfigValue& end : config[which].list()) {
      const auto found = values.find(read_value(end));
      if (found == values.end()) {
        throw ValueError("config: " + std::string(which) + " names a value that no layer gives");
      }
      symbols.push_back(found->second);
    }
    return symbols;
  };
  ModelOptions options{.name = config["name"].text()};
  if (const ConfigValue* dtype = config.find("dtype"); dtype != nullptr && dtype->is_text()) {
    options.dtype = parse_dtype(dtype->text());
  }
  const Model model(ends("input_layers"), ends("output_layers"), std::move(options));
  if (const ConfigValue* trainable = config.find("trainable"); trainable != nullptr && !trainable->truth()) {
    model.set_trainable(false);
  }
  return model;
}

Model clone_model(const Model& model) { return Model::from_config(model.get_config()); }

}  // namespace gradus
