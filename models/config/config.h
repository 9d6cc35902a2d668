#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gradus {

class Config;

// One value of a Config.
class ConfigValue {
 public:
  using List = std::vector<ConfigValue>;

  ConfigValue();  // null
  ConfigValue(const ConfigValue& other);
  ConfigValue(ConfigValue&& other) noexcept;
  ConfigValue& operator=(const ConfigValue& other);
  ConfigValue& operator=(ConfigValue&& other) noexcept;
  ~ConfigValue();
  template <class N>
  requires std::is_arithmetic_v<N> ConfigValue(N number) : ConfigValue() {  // NOLINT: implicit on purpose
    if constexpr (std::same_as<N, bool>) {
      set(number);
    } else if constexpr (std::integral<N>) {
      set(static_cast<std::int64_t>(number));
    } else {
      set(static_cast<double>(number));
    }
  }
  ConfigValue(std::string_view text);                                            // NOLINT
  ConfigValue(const char* text) : ConfigValue(std::string_view(text)) {}         // NOLINT
  ConfigValue(const std::string& text) : ConfigValue(std::string_view(text)) {}  // NOLINT
  ConfigValue(List list);                                                        // NOLINT
  ConfigValue(const std::vector<std::int64_t>& list);                            // NOLINT
  ConfigValue(Config config);                                                    // NOLINT

  bool is_null() const;
  bool is_text() const;
  bool is_list() const;
  bool is_config() const;

  // The value as what it must be. ValueError for another kind; a whole number is a fraction's too.
  bool truth() const;
  std::int64_t integer() const;
  double number() const;
  const std::string& text() const;
  const List& list() const;
  std::vector<std::int64_t> integers() const;
  const Config& config() const;

 private:
  friend class ConfigJson;
  void set(bool value);
  void set(std::int64_t value);
  void set(double value);
  [[noreturn]] void refuse(std::string_view wanted) const;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, std::shared_ptr<const Config>>
      value_;
};

// What describes an object so that it can be made again: values by name, in the order in which they were
// set. Reads and writes JSON, where numbers that are not finite are NaN and Infinity, as in Python.
class Config {
 public:
  Config() = default;

  // Sets a value, or replaces the one of this name.
  Config& set(std::string_view name, ConfigValue value);
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  // nullptr when there is none.
  const ConfigValue* find(std::string_view name) const;
  // ValueError for a name that is not there; it lists those that are.
  const ConfigValue& operator[](std::string_view name) const;
  const std::vector<std::pair<std::string, ConfigValue>>& values() const { return values_; }
  bool empty() const { return values_.empty(); }

  std::string to_json() const;
  // ValueError for a text that is no JSON object, a name that is there twice, more than 100 levels, or
  // more than 10000 names in an object.
  static Config from_json(std::string_view text);

 private:
  std::vector<std::pair<std::string, ConfigValue>> values_;
};

// Keras's form of an object that is described: {"class_name": "L2", "config": {"l2": 0.01}}.
Config object_config(std::string_view class_name, Config config);

}  // namespace gradus
