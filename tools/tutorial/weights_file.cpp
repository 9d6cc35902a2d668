#include <gradus/graph/error.h>
#include <gradus/models/saving/input_file.h>
#include <gradus/tools/tutorial/weights_file.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

namespace gradus::tutorial {

namespace {

using nlohmann::json;

// Far more than any such file has.
constexpr std::uint64_t kLimit = 1 << 20;

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path) {}

  WeightsFile read() const {
    const json document = parse(saving::read_file(path_, kLimit));
    require_keys(document, "the file", {"blobs", "linear"});
    WeightsFile file;
    if (document.contains("blobs")) file.blobs = layer(document["blobs"], "blobs", 4);
    if (document.contains("linear")) file.linear = layer(document["linear"], "linear", 2);
    if (!file.blobs && !file.linear) fail("it has neither \"blobs\" nor \"linear\"");
    return file;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw FileError("--weights '" + path_.string() + "': " + problem);
  }

  // The parser keeps the last of two equal keys; here they are an error.
  json parse(const std::string& text) const {
    std::vector<std::set<std::string>> keys;
    const auto watch = [&](int, json::parse_event_t event, json& value) {
      if (event == json::parse_event_t::object_start) keys.emplace_back();
      if (event == json::parse_event_t::object_end) keys.pop_back();
      if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
        fail("the key " + value.dump() + " is there twice");
      }
      return true;
    };
    try {
      return json::parse(text, watch);
    } catch (const json::exception& error) {
      const std::string what = error.what();  // "[json.exception.parse_error.101] parse error at …"
      const auto end = what.find("] ");
      fail("it is not valid JSON: " + (end == std::string::npos ? what : what.substr(end + 2)));
    }
  }

  void require_keys(const json& object, const std::string& where, const std::set<std::string>& known) const {
    std::string list;
    for (const std::string& key : known) list += (list.empty() ? "\"" : ", \"") + key + "\"";
    if (!object.is_object())
      fail(where + " must be an object with the keys " + list + ", not " + kind(object));
    for (const auto& item : object.items()) {
      if (!known.contains(item.key())) {
        fail(where + " has an unknown key " + json(item.key()).dump() + "; the known ones are " + list);
      }
    }
  }

  LayerWeights layer(const json& object, const std::string& name, std::size_t classes) const {
    require_keys(object, "\"" + name + "\"", {"weights", "bias"});
    for (const char* key : {"weights", "bias"}) {
      if (!object.contains(key)) fail("\"" + name + "\" has no \"" + key + "\"");
    }
    const json& rows = object["weights"];
    const std::string where = name + ".weights";
    require_list(rows, where, 2, "rows");
    std::vector<float> values;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      append(values, rows[i], where + "[" + std::to_string(i) + "]", classes);
    }
    std::vector<float> bias;
    append(bias, object["bias"], name + ".bias", classes);
    return {Tensor(values, {2, classes}), Tensor(bias)};
  }

  void require_list(const json& list, const std::string& where, std::size_t count, const char* of) const {
    const std::string wanted = where + " must be a list of " + std::to_string(count) + " " + of + ", ";
    if (!list.is_array()) fail(wanted + "not " + kind(list));
    if (list.size() != count) fail(wanted + "it has " + std::to_string(list.size()));
  }

  void append(std::vector<float>& values, const json& list, const std::string& where,
              std::size_t count) const {
    require_list(list, where, count, "numbers");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string place = where + "[" + std::to_string(i) + "]";
      if (!list[i].is_number()) fail(place + " must be a number, not " + kind(list[i]));
      const auto value = list[i].get<double>();
      if (std::abs(value) > std::numeric_limits<float>::max()) {
        fail(place + " is " + list[i].dump() + ", beyond what float32 holds");
      }
      values.push_back(static_cast<float>(value));
    }
  }

  static std::string kind(const json& value) {
    if (value.is_string()) return "a string";
    if (value.is_primitive()) return value.dump();
    return value.is_array() ? "a list" : "an object";
  }

  const std::filesystem::path& path_;
};

}  // namespace

WeightsFile read_weights(const std::filesystem::path& path) { return Reader(path).read(); }

}  // namespace gradus::tutorial
