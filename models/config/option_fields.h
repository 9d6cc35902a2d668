#pragma once

#include <gradus/graph/dims.h>
#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/config/config.h>

#include <algorithm>
#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace gradus {

// A struct of options as a Config and back. What is described lists its members once:
//   template <>
//   inline constexpr auto kFields<L1L2Options> =
//       std::tuple(field("l1", &L1L2Options::l1), field("l2", &L1L2Options::l2));
template <class Options>
inline constexpr auto kFields = std::tuple();

template <class Options, class Value>
struct OptionField {
  std::string_view name;
  Value Options::*member;
};

template <class Options, class Value>
constexpr OptionField<Options, Value> field(std::string_view name, Value Options::*member) {
  return {name, member};
}

// One axis is a number, as Keras's users write it; none is null.
inline ConfigValue to_config_value(const Axes& axes) {
  if (axes.empty()) return {};
  if (axes.size() == 1) return axes[0];
  return std::vector<std::int64_t>(axes.begin(), axes.end());
}
// A list stays one, of one element too; an empty one is null.
inline ConfigValue to_config_value(const std::vector<std::int64_t>& list) {
  return list.empty() ? ConfigValue() : ConfigValue(list);
}
template <class T>
ConfigValue to_config_value(const std::optional<T>& value) {
  return value ? ConfigValue(*value) : ConfigValue();
}
template <class T>
requires(std::is_arithmetic_v<T> || std::same_as<T, std::string>) ConfigValue
    to_config_value(const T& value) {
  return value;
}

// Readers throw a ValueError for a value of another kind.
inline void read_config_value(const ConfigValue& value, Axes& axes) {
  axes = value.is_null()   ? Axes()
         : value.is_list() ? Axes(std::span<const std::int64_t>(value.integers()))
                           : Axes(value.integer());
}
inline void read_config_value(const ConfigValue& value, std::vector<std::int64_t>& list) {
  list = value.is_null() ? std::vector<std::int64_t>() : value.integers();
}
inline void read_config_value(const ConfigValue& value, std::string& text) { text = value.text(); }
template <class T>
requires std::is_arithmetic_v<T>
void read_config_value(const ConfigValue& value, T& number) {
  if constexpr (std::same_as<T, bool>) {
    number = value.truth();
  } else if constexpr (std::integral<T>) {
    number = static_cast<T>(value.integer());
  } else {
    number = static_cast<T>(value.number());
  }
}
template <class T>
void read_config_value(const ConfigValue& value, std::optional<T>& read) {
  if (value.is_null()) {
    read.reset();
  } else {
    read_config_value(value, read.emplace());
  }
}

template <class Options>
Config options_config(const Options& options) {
  Config config;
  std::apply(
      [&](const auto&... each) { (config.set(each.name, to_config_value(options.*each.member)), ...); },
      kFields<Options>);
  return config;
}

// What is not in `config` keeps its default. ValueError for an entry that `owner` does not have, or of
// another kind.
template <class Options>
Options options_from(const Config& config, std::string_view owner) {
  Options options;
  const auto read = [&](const auto& each) {
    const ConfigValue* value = config.find(each.name);
    if (value == nullptr) return;
    try {
      read_config_value(*value, options.*each.member);
    } catch (const ValueError& error) {
      throw ValueError(std::string(owner) + ": " + std::string(each.name) + ": " + error.what());
    }
  };
  std::apply(
      [&](const auto&... each) {
        const std::vector<std::string_view> names = {each.name...};
        for (const auto& [name, value] : config.values()) {
          if (std::find(names.begin(), names.end(), name) == names.end()) {
            throw ValueError(std::string(owner) + ": " + unknown_name("option", name, names));
          }
        }
        (read(each), ...);
      },
      kFields<Options>);
  return options;
}

}  // namespace gradus
