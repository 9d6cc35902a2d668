#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/config/config.h>

#include <algorithm>
#include <array>

namespace gradus {

// Here, since every file that includes the header would instantiate the variant's otherwise.
ConfigValue::ConfigValue() = default;
ConfigValue::ConfigValue(const ConfigValue& other) = default;
ConfigValue::ConfigValue(ConfigValue&& other) noexcept = default;
ConfigValue& ConfigValue::operator=(const ConfigValue& other) = default;
ConfigValue& ConfigValue::operator=(ConfigValue&& other) noexcept = default;
ConfigValue::~ConfigValue() = default;

ConfigValue::ConfigValue(std::string_view text) : value_(std::string(text)) {}
ConfigValue::ConfigValue(List list) : value_(std::move(list)) {}
ConfigValue::ConfigValue(const std::vector<std::int64_t>& list) : value_(List(list.begin(), list.end())) {}
ConfigValue::ConfigValue(Config config) : value_(std::make_shared<const Config>(std::move(config))) {}

void ConfigValue::set(bool value) { value_ = value; }
void ConfigValue::set(std::int64_t value) { value_ = value; }
void ConfigValue::set(double value) { value_ = value; }

bool ConfigValue::is_null() const { return std::holds_alternative<std::monostate>(value_); }
bool ConfigValue::is_text() const { return std::holds_alternative<std::string>(value_); }
bool ConfigValue::is_list() const { return std::holds_alternative<List>(value_); }
bool ConfigValue::is_config() const { return std::holds_alternative<std::shared_ptr<const Config>>(value_); }

void ConfigValue::refuse(std::string_view wanted) const {
  constexpr std::array<std::string_view, 7> kKinds = {"null",   "a truth value", "a whole number", "a number",
                                                      "a text", "a list",        "an object"};
  throw ValueError("config: a value must be " + std::string(wanted) + ", it is " +
                   std::string(kKinds[value_.index()]));
}

bool ConfigValue::truth() const {
  if (const bool* value = std::get_if<bool>(&value_)) return *value;
  refuse("a truth value");
}

std::int64_t ConfigValue::integer() const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
  refuse("a whole number");
}

double ConfigValue::number() const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  if (const double* value = std::get_if<double>(&value_)) return *value;
  refuse("a number");
}

const std::string& ConfigValue::text() const {
  if (const auto* value = std::get_if<std::string>(&value_)) return *value;
  refuse("a text");
}

const ConfigValue::List& ConfigValue::list() const {
  if (const auto* value = std::get_if<List>(&value_)) return *value;
  refuse("a list");
}

std::vector<std::int64_t> ConfigValue::integers() const {
  std::vector<std::int64_t> result;
  for (const ConfigValue& value : list()) result.push_back(value.integer());
  return result;
}

const Config& ConfigValue::config() const {
  if (const auto* value = std::get_if<std::shared_ptr<const Config>>(&value_)) return **value;
  refuse("an object");
}

Config& Config::set(std::string_view name, ConfigValue value) {
  for (auto& [known, old] : values_) {
    if (known == name) {
      old = std::move(value);
      return *this;
    }
  }
  values_.emplace_back(name, std::move(value));
  return *this;
}

const ConfigValue* Config::find(std::string_view name) const {
  const auto found =
      std::find_if(values_.begin(), values_.end(), [&](const auto& entry) { return entry.first == name; });
  return found == values_.end() ? nullptr : &found->second;
}

const ConfigValue& Config::operator[](std::string_view name) const {
  if (const ConfigValue* value = find(name)) return *value;
  std::vector<std::string_view> known;
  for (const auto& [other, value] : values_) known.push_back(other);
  throw ValueError("config: " + unknown_name("entry", name, known));
}

Config object_config(std::string_view class_name, Config config) {
  return Config().set("class_name", class_name).set("config", std::move(config));
}

}  // namespace gradus
