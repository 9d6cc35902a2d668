#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// A path with numbers to be filled in, in Python's notation: "run/{epoch:02d}-{val_loss:.2f}.npz". A format
// is
// [<|>][+| ][0][width][.precision][d|f|e|g]; "{{" is a brace.
class PathPattern {
 public:
  // Errors start with `caller`. ValueError for a brace without its partner or a format that is none.
  PathPattern(std::string_view caller, std::string text);

  const std::string& text() const { return text_; }
  // The names to be filled in, as they occur.
  std::vector<std::string> names() const;
  // `value` gives the number of each name.
  std::string fill(const std::function<double(const std::string&)>& value) const;

 private:
  struct Field {
    std::string name = {};  // empty: plain text
    std::string plain = {};
    bool left = false;
    bool zeros = false;
    std::string sign = {};
    std::size_t width = 0;
    int precision = -1;
    char type = '\0';
  };
  Field parse_field(std::string_view field) const;
  static std::string format(const Field& field, double value);
  [[noreturn]] void refuse(const std::string& problem) const;

  std::string caller_;
  std::string text_;
  std::vector<Field> fields_;
};

}  // namespace gradus
