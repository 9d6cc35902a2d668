#include <gradus/graph/number_text.h>
#include <gradus/graph/tensor.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

namespace gradus {

namespace {

// NumPy's print options.
constexpr int kPrecision = 8;
constexpr std::int64_t kThreshold = 1000;  // more elements than this are summarised
constexpr std::int64_t kEdgeItems = 3;
constexpr std::size_t kLineWidth = 75;

bool shortened(std::int64_t extent) { return extent > 2 * kEdgeItems; }

// The elements that are printed, in order.
template <class T>
void collect(const Tensor& tensor, bool summarised, std::size_t axis, std::int64_t offset,
             std::vector<T>& values) {
  if (axis == tensor.shape().dims().size()) {
    values.push_back(tensor.raw<T>()[offset]);
    return;
  }
  const std::int64_t extent = tensor.shape()[axis];
  for (std::int64_t i = 0; i < extent; ++i) {
    if (summarised && shortened(extent) && i == kEdgeItems) i = extent - kEdgeItems;
    collect(tensor, summarised, axis + 1, offset * extent + i, values);
  }
}

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

// Texts of equal width, so that the columns of a matrix stand under each other.
std::vector<std::string> words(const std::vector<bool>& values) {
  std::vector<std::string> result;
  for (const bool value : values) result.emplace_back(value ? " True" : "False");
  return result;
}

template <std::integral T>
std::vector<std::string> words(const std::vector<T>& values) {
  std::vector<std::string> result;
  std::size_t width = 0;
  for (const T value : values) {
    result.push_back(std::to_string(value));
    width = std::max(width, result.back().size());
  }
  for (std::string& word : result) word = padded(word, width);
  return result;
}

// Scientific where a number is large or small, or the numbers lie far apart.
template <class T>
bool wants_exponent(const std::vector<T>& values) {
  T smallest = std::numeric_limits<T>::infinity();
  T largest = 0;
  for (const T value : values) {
    if (!std::isfinite(value) || value == 0) continue;
    smallest = std::min(smallest, std::abs(value));
    largest = std::max(largest, std::abs(value));
  }
  if (largest == 0) return false;
  return static_cast<double>(largest) >= 1e8 || static_cast<double>(smallest) < 1e-4 ||
         static_cast<double>(largest / smallest) > 1000;
}

// Gives every finite number the decimals and the exponent digits of the longest.
template <class T>
void scientific_words(const std::vector<T>& values, std::vector<std::string>& result) {
  std::size_t decimals = 0, exponent_digits = 0;
  for (const T value : values) {
    if (!std::isfinite(value)) continue;
    const std::string text = scientific_text(value, kPrecision);
    const std::size_t point = text.find('.'), e = text.find('e');
    decimals = std::max(decimals, e - point - 1);
    exponent_digits = std::max(exponent_digits, text.size() - e - 2);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) {
      result[i] = scientific_text(values[i], static_cast<int>(decimals), static_cast<int>(exponent_digits));
    }
  }
}

// Puts the points under each other: blanks stand for the decimals a shorter number lacks.
template <class T>
void positional_words(const std::vector<T>& values, std::vector<std::string>& result) {
  std::size_t decimals = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    result[i] = positional_text(values[i], kPrecision);
    decimals = std::max(decimals, result[i].size() - result[i].find('.') - 1);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    const std::size_t own = result[i].size() - result[i].find('.') - 1;
    result[i].append(decimals - own, ' ');
  }
}

template <std::floating_point T>
std::vector<std::string> words(const std::vector<T>& values) {
  std::vector<std::string> result(values.size());
  if (wants_exponent(values)) {
    scientific_words(values, result);
  } else {
    positional_words(values, result);
  }
  std::size_t width = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) result[i] = scalar_text(values[i]);
    width = std::max(width, result[i].size());
  }
  for (std::string& word : result) word = padded(word, width);
  return result;
}

// Sets words into nested brackets, with rows wrapped at the line width.
class Layout {
 public:
  Layout(const Shape& shape, bool summarised, const std::vector<std::string>& texts)
      : shape_(shape), summarised_(summarised), word_(texts.begin()) {}

  std::string block(std::size_t axis = 0) {
    const std::size_t rank = shape_.dims().size();
    const std::string indent(axis + 1, ' ');
    std::string text =
        axis + 1 == rank ? row(indent, kLineWidth - axis - 1) : blocks(axis, indent, rank - axis - 1);
    return "[" + text.substr(indent.size()) + "]";
  }

 private:
  std::string blocks(std::size_t axis, const std::string& indent, std::size_t newlines) {
    const std::string separator(newlines, '\n');
    const std::int64_t extent = shape_[axis];
    std::string text;
    for (std::int64_t i = 0; i < extent; ++i) {
      if (i != 0) text += separator;
      if (summarised_ && shortened(extent) && i == kEdgeItems) {
        text += indent + "..." + separator;
        i = extent - kEdgeItems;
      }
      text += indent + block(axis + 1);
    }
    return text;
  }

  std::string row(const std::string& indent, std::size_t width) {
    const std::int64_t extent = shape_.back();
    std::string text, line = indent;
    const auto extend = [&](const std::string& word) {
      if (line.size() + word.size() > width && line.size() > indent.size()) {
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
        line = indent;
      }
      line += word;
    };
    for (std::int64_t i = 0; i < extent; ++i) {
      if (i != 0) line += ' ';
      if (summarised_ && shortened(extent) && i == kEdgeItems) {
        extend("...");
        line += ' ';
        i = extent - kEdgeItems;
      }
      extend(*word_++);
    }
    return text + line;
  }

  const Shape& shape_;
  bool summarised_;
  std::vector<std::string>::const_iterator word_;
};

template <class T>
std::string scalar(T value) {
  if constexpr (std::is_same_v<T, bool>) return value ? "True" : "False";
  if constexpr (std::is_floating_point_v<T>) return scalar_text(value);
  return std::to_string(value);
}

}  // namespace

std::string to_string(const Tensor& tensor) {
  if (!tensor.defined()) return "<undefined>";
  if (tensor.size() == 0) return "[]";
  return dispatch(tensor.dtype(), [&]<class T>() {
    if (tensor.rank() == 0) return scalar(*tensor.raw<T>());
    const bool summarised = tensor.size() > kThreshold;
    std::vector<T> values;
    collect(tensor, summarised, 0, 0, values);
    const std::vector<std::string> texts = words(values);
    return Layout(tensor.shape(), summarised, texts).block();
  });
}

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) { return out << to_string(tensor); }

}  // namespace gradus
