#include <gradus/graph/error.h>
#include <gradus/models/config/config.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace gradus {

namespace {

constexpr int kMostLevels = 100;
constexpr std::size_t kMostNames = 10000;  // they are looked for one by one

// The shortest text that reads back as the same number, and a point in it, so that it stays a fraction.
std::string fraction_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  std::string result(text, end);
  if (result.find_first_of(".e") == std::string::npos) result += ".0";
  return result;
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Python writes NaN and Infinity as bare words, which JSON does not know: they are read as texts of a form
// that no other text has.
constexpr std::string_view kBareMark = "\x01gradus:";

// The text with bare NaN, Infinity and -Infinity outside strings made into marked strings.
std::string with_bare_words_marked(std::string_view text) {
  std::string result;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string) {
      result += text[i];
      if (text[i] == '\\' && i + 1 < text.size()) {
        result += text[++i];
      } else if (text[i] == '"') {
        in_string = false;
      }
      continue;
    }
    bool marked = false;
    for (const std::string_view word : {"NaN", "-Infinity", "Infinity"}) {
      if (text.substr(i).starts_with(word)) {
        result += "\"\\u0001gradus:" + std::string(word) + "\"";
        i += word.size() - 1;
        marked = true;
        break;
      }
    }
    if (marked) continue;
    in_string = text[i] == '"';
    result += text[i];
  }
  return result;
}

}  // namespace

class ConfigJson {
 public:
  static std::string write(const ConfigValue& value) {
    struct Writer {
      std::string operator()(std::monostate) const { return "null"; }
      std::string operator()(bool truth) const { return truth ? "true" : "false"; }
      std::string operator()(std::int64_t number) const { return std::to_string(number); }
      std::string operator()(double number) const { return fraction_text(number); }
      std::string operator()(const std::string& text) const { return quoted(text); }
      std::string operator()(const ConfigValue::List& list) const {
        std::string text = "[";
        for (const ConfigValue& entry : list) text += (text.size() > 1 ? ", " : "") + write(entry);
        return text + "]";
      }
      std::string operator()(const std::shared_ptr<const Config>& config) const { return write(*config); }
    };
    return std::visit(Writer{}, value.value_);
  }

  static std::string write(const Config& config) {
    std::string text = "{";
    for (const auto& [name, value] : config.values()) {
      text += (text.size() > 1 ? ", " : "") + quoted(name) + ": " + write(value);
    }
    return text + "}";
  }

  static ConfigValue read(const nlohmann::ordered_json& json) {
    switch (json.type()) {
      case nlohmann::json::value_t::boolean: return json.get<bool>();
      case nlohmann::json::value_t::number_integer: return json.get<std::int64_t>();
      case nlohmann::json::value_t::number_unsigned: return read_unsigned(json.get<std::uint64_t>());
      case nlohmann::json::value_t::number_float: return json.get<double>();
      case nlohmann::json::value_t::string: return read_text(json.get<std::string>());
      case nlohmann::json::value_t::array: {
        ConfigValue::List list;
        for (const auto& entry : json) list.push_back(read(entry));
        return list;
      }
      case nlohmann::json::value_t::object: return read_object(json);
      default: return {};
    }
  }

  static Config read_object(const nlohmann::ordered_json& json) {
    Config config;
    for (const auto& [name, value] : json.items()) config.set(name, read(value));
    return config;
  }

 private:
  static ConfigValue read_unsigned(std::uint64_t number) {
    if (number > static_cast<std::uint64_t>(INT64_MAX)) return static_cast<double>(number);
    return static_cast<std::int64_t>(number);
  }
  static ConfigValue read_text(const std::string& text) {
    if (!text.starts_with(kBareMark)) return text;
    const std::string_view word = std::string_view(text).substr(kBareMark.size());
    if (word == "NaN") return std::nan("");
    return word == "Infinity" ? HUGE_VAL : -HUGE_VAL;
  }
};

std::string Config::to_json() const { return ConfigJson::write(*this); }

Config Config::from_json(std::string_view text) {
  std::vector<std::set<std::string>> names;  // of the objects that are open
  const auto check = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::ordered_json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    if (depth > kMostLevels) throw ValueError("config: more than 100 levels of lists and objects");
    if (event == Event::object_start) names.emplace_back();
    if (event == Event::object_end) names.pop_back();
    if (event == Event::key) {
      const auto name = parsed.get<std::string>();
      if (!names.back().insert(name).second) {
        throw ValueError("config: the name '" + name + "' is there twice");
      }
      if (names.back().size() > kMostNames) throw ValueError("config: more than 10000 names in an object");
    }
    return true;
  };
  try {
    const auto json = nlohmann::ordered_json::parse(with_bare_words_marked(text), check);
    if (!json.is_object()) throw ValueError("config: the text is no JSON object");
    return ConfigJson::read_object(json);
  } catch (const nlohmann::json::exception& error) {
    throw ValueError(std::string("config: the text is no JSON: ") + error.what());
  }
}

}  // namespace gradus
