#pragma once

#include <gradus/models/layers/layer_config.h>

#include <concepts>
#include <string_view>
#include <tuple>
#include <utility>

namespace gradus {

// Initializers, regularizers, constraints and activations among the options of a layer.
template <class T>
concept Serialized = requires(const T& thing, const ConfigValue& value) {
  { thing.serialize() } -> std::same_as<ConfigValue>;
  { T::deserialize(value) } -> std::same_as<T>;
};
template <Serialized T>
ConfigValue to_config_value(const T& thing) {
  return thing.serialize();
}
template <Serialized T>
void read_config_value(const ConfigValue& value, T& thing) {
  thing = T::deserialize(value);
}

// One of a few names: Padding, DataFormat.
template <class T>
concept NamedChoice = !Serialized<T> && requires(const T& choice, std::string_view name) {
  { choice.name() } -> std::same_as<std::string_view>;
  T(name);
};
template <NamedChoice T>
ConfigValue to_config_value(const T& choice) {
  return choice.name();
}
template <NamedChoice T>
void read_config_value(const ConfigValue& value, T& choice) {
  choice = T(value.text());
}

inline ConfigValue to_config_value(const Shape& shape) {
  return std::vector<std::int64_t>(shape.begin(), shape.end());
}
inline void read_config_value(const ConfigValue& value, Shape& shape) { shape = Shape(value.integers()); }

// `config`, and the options after it.
template <class Options>
Config with_options(Config config, const Options& options) {
  const Config others = options_config(options);
  for (const auto& [name, value] : others.values()) config.set(name, value);
  return config;
}

// What every layer takes, from a struct that has some of it among its own.
template <class Options>
LayerOptions common_options(const Options& options) {
  LayerOptions common;
  if constexpr (requires { options.input_shape; }) common.input_shape = options.input_shape;
  if constexpr (requires { options.input_dim; }) common.input_dim = options.input_dim;
  if constexpr (requires { options.name; }) common.name = options.name;
  if constexpr (requires { options.trainable; }) common.trainable = options.trainable;
  if constexpr (requires { options.dtype; }) common.dtype = options.dtype;
  if constexpr (requires { options.seed; }) common.seed = options.seed;
  return common;
}

// The layer that `config` describes. `names` are those of the arguments that stand before the options:
//   return layer_from<Dense, DenseOptions, std::int64_t>(config, "Dense", "units");
template <class L, class Options, class... Arguments, class... Names>
L layer_from(const Config& config, std::string_view owner, Names... names) {
  LayerConfig own(config, owner);
  std::tuple<Arguments...> arguments{own.take<Arguments>(names)...};
  return std::apply([&](auto&... each) { return L(std::move(each)..., own.template options<Options>()); },
                    arguments);
}

}  // namespace gradus
