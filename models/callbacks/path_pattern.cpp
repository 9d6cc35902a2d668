#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/callbacks/number_format.h>
#include <gradus/models/callbacks/path_pattern.h>

#include <cmath>

namespace gradus {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Up to two digits from the front of `rest`.
std::string take_number(std::string_view& rest) {
  std::string digits;
  while (!rest.empty() && is_digit(rest.front()) && digits.size() < 2) {
    digits += rest.front();
    rest.remove_prefix(1);
  }
  return digits;
}

bool take(std::string_view& rest, char c) {
  if (rest.empty() || rest.front() != c) return false;
  rest.remove_prefix(1);
  return true;
}

// These count; all others are measured.
bool is_counter(const std::string& name) { return name == "epoch" || name == "batch"; }

}  // namespace

PathPattern::PathPattern(std::string_view caller, std::string text)
    : caller_(caller), text_(std::move(text)) {
  std::string plain;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    const char c = text_[i];
    if ((c == '{' || c == '}') && i + 1 < text_.size() && text_[i + 1] == c) {
      plain += c;
      ++i;
    } else if (c == '{') {
      const std::size_t end = text_.find('}', i);
      if (end == std::string::npos) refuse("a '{' is never closed");
      fields_.push_back({.plain = std::move(plain)});
      plain.clear();
      fields_.push_back(parse_field(std::string_view(text_).substr(i + 1, end - i - 1)));
      i = end;
    } else if (c == '}') {
      refuse("a '}' closes nothing");
    } else {
      plain += c;
    }
  }
  fields_.push_back({.plain = std::move(plain)});
}

void PathPattern::refuse(const std::string& problem) const {
  throw ValueError(caller_ + ": in the path '" + text_ + "': " + problem);
}

PathPattern::Field PathPattern::parse_field(std::string_view field) const {
  const std::size_t colon = field.find(':');
  Field result{.name = std::string(field.substr(0, colon))};
  if (result.name.empty()) refuse("'{" + std::string(field) + "}' has no name");
  std::string_view rest = colon == std::string_view::npos ? "" : field.substr(colon + 1);
  result.left = take(rest, '<');
  if (!result.left) take(rest, '>');
  for (const char sign : {'+', ' '}) {
    if (result.sign.empty() && take(rest, sign)) result.sign = sign;
  }
  result.zeros = take(rest, '0');
  const std::string width = take_number(rest);
  if (!width.empty()) result.width = std::stoul(width);
  if (take(rest, '.')) {
    const std::string precision = take_number(rest);
    if (precision.empty()) refuse("no digits after the point of '{" + std::string(field) + "}'");
    result.precision = std::stoi(precision);
  }
  for (const char type : {'d', 'f', 'e', 'g'}) {
    if (result.type == '\0' && take(rest, type)) result.type = type;
  }
  const bool whole = result.type == 'd' || result.type == '\0';
  if (!rest.empty() || (whole && result.precision >= 0)) {
    refuse("'{" + std::string(field) + "}' is not [<|>][+| ][0][width][.precision][d|f|e|g]");
  }
  if (result.type == 'd' && !is_counter(result.name)) {
    refuse("'{" + std::string(field) + "}' is for whole numbers; use f, e or g");
  }
  return result;
}

std::vector<std::string> PathPattern::names() const {
  std::vector<std::string> names;
  for (const Field& field : fields_) {
    if (!field.name.empty()) names.push_back(field.name);
  }
  return names;
}

std::string PathPattern::format(const Field& field, double value) {
  const double size = std::abs(value);
  const int precision = field.precision < 0 ? 6 : field.precision;
  std::string digits;
  switch (field.type) {
    case 'f': digits = fixed_text(size, precision); break;
    case 'e': digits = exponent_text(size, precision); break;
    case 'g': digits = general_text(size, precision); break;
    default: digits = is_counter(field.name) ? fixed_text(size, 0) : scalar_text(size);
  }
  const std::string sign = std::signbit(value) && !std::isnan(value) ? "-" : field.sign;
  const std::size_t length = sign.size() + digits.size();
  const std::size_t missing = field.width > length ? field.width - length : 0;
  if (field.left) return sign + digits + std::string(missing, field.zeros ? '0' : ' ');
  return field.zeros ? sign + std::string(missing, '0') + digits : std::string(missing, ' ') + sign + digits;
}

std::string PathPattern::fill(const std::function<double(const std::string&)>& value) const {
  std::string path;
  for (const Field& field : fields_) {
    path += field.name.empty() ? field.plain : format(field, value(field.name));
  }
  return path;
}

}  // namespace gradus
