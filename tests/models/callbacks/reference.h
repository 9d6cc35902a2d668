#pragma once

#include <gradus/models/callbacks/lambda_callback.h>

#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace gradus::testing_data {

// What make_reference.py found Keras's own callbacks to do, as JSON.
inline std::ifstream keras_reference() {
  return std::ifstream(GRADUS_SOURCE_DIR "/tests/models/callbacks/reference.json");
}

template <class T, class Json>
std::optional<T> optional_of(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional<T>(value.template get<T>());
}

// What is printed while one lives.
class Printed {
 public:
  Printed() : before_(std::cout.rdbuf(text_.rdbuf())) {}
  Printed(const Printed&) = delete;
  Printed& operator=(const Printed&) = delete;
  ~Printed() { std::cout.rdbuf(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

// Writes an entry of the logs: at the end of epoch i the i-th of `values`.
inline LambdaCallback writes(std::string name, std::vector<double> values) {
  return LambdaCallback(
      {.on_epoch_end = [name = std::move(name), values = std::move(values)](std::int64_t epoch, Logs& logs) {
        logs.metrics[name] = values.at(static_cast<std::size_t>(epoch));
      }});
}

}  // namespace gradus::testing_data
