#include <gradus/graph/error.h>
#include <gradus/models/summary.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace gradus {

namespace {

using Row = std::array<std::string, 3>;
using Widths = std::array<std::size_t, 3>;

// Keras gives the columns 45, 35 and 20 % of the line, then takes off equally what padding and borders add.
Widths column_widths(std::int64_t line_length) {
  const auto length = static_cast<double>(line_length);
  std::array<std::int64_t, 3> widths = {};
  std::int64_t current = 0;
  constexpr std::array<double, 3> kPositions = {0.45, 0.8, 1.0};
  for (std::size_t i = 0; i < widths.size(); ++i) {
    widths[i] = static_cast<std::int64_t>(kPositions[i] * length) - current;
    current += widths[i];
  }
  constexpr std::int64_t kPadding = 2, kBorders = 4;
  std::int64_t excess = current + 3 * kPadding + kBorders - line_length;
  Widths result;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const auto columns_left = static_cast<std::int64_t>(widths.size() - i);
    const std::int64_t taken = (2 * excess + columns_left) / (2 * columns_left);  // rounded
    result[i] = static_cast<std::size_t>(widths[i] - taken);
    excess -= taken;
  }
  return result;
}

// The text in lines of at most `width` characters, broken at blanks where there are some. UTF-8 stays whole.
std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  std::vector<std::string> lines(1);
  std::size_t used = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    const auto length = static_cast<std::size_t>(
        std::count_if(word.begin(), word.end(), [&](char c) { return !continues(c); }));
    if (used != 0) {
      if (used + 1 + length <= width) {
        lines.back() += ' ';
        ++used;
      } else {
        lines.emplace_back();
        used = 0;
      }
    }
    for (const char c : word) {
      if (!continues(c) && used == width) {
        lines.emplace_back();
        used = 0;
      }
      lines.back() += c;
      if (!continues(c)) ++used;
    }
    begin = end + 1;
  }
  return lines;
}

std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string repeated(const char* cell, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += cell;
  return text;
}

std::string rule(const Widths& widths, const char* left, const char* line, const char* cross,
                 const char* right) {
  return left + repeated(line, widths[0] + 2) + cross + repeated(line, widths[1] + 2) + cross +
         repeated(line, widths[2] + 2) + right + "\n";
}

std::string row_text(const Row& row, const Widths& widths, const char* border) {
  std::array<std::vector<std::string>, 3> cells;
  std::size_t height = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    cells[i] = wrapped(row[i], widths[i]);
    height = std::max(height, cells[i].size());
  }
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    text += border;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = line < cells[i].size() ? cells[i][line] : "";
      const std::string blanks(widths[i] - length_of(cell), ' ');
      text += i == 2 ? " " + blanks + cell + " " : " " + cell + blanks + " ";
      text += border;
    }
    text += "\n";
  }
  return text;
}

std::string with_separators(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (auto place = static_cast<std::int64_t>(digits.size()) - 3; place > 0; place -= 3) {
    digits.insert(static_cast<std::size_t>(place), ",");
  }
  return digits;
}

std::string shape_text(const Shape& sample) {
  std::string text = "(None";
  for (const std::int64_t extent : sample) text += ", " + std::to_string(extent);
  return text + (sample.rank() == 0 ? ",)" : ")");
}

struct Total {
  std::int64_t count = 0;
  double bytes = 0;
  void add(const Tensor& tensor) {
    count += tensor.size();
    bytes += static_cast<double>(tensor.bytes());
  }
};

std::string total_text(const char* what, const Total& total) {
  constexpr std::array<const char*, 6> kUnits = {"B", "KB", "MB", "GB", "TB", "PB"};
  double size = total.bytes;
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  std::array<char, 48> amount;
  std::snprintf(amount.data(), amount.size(), "%.2f %s", size, kUnits[unit]);
  return std::string(" ") + what + " params: " + with_separators(total.count) + " (" + amount.data() + ")\n";
}

std::string totals_text(const Model& model) {
  Total all, trainable, frozen, optimizer;
  for (const Weight& weight : model.weight_list()) {
    (weight.trainable ? trainable : frozen).add(weight.parameter.value());
    all.add(weight.parameter.value());
  }
  const bool trained = model.compiled() && model.optimizer().built();
  if (trained) {
    for (const auto& [name, value] : model.optimizer().variables()) {
      optimizer.add(value);
      all.add(value);
    }
  }
  return total_text("Total", all) + total_text("Trainable", trainable) + total_text("Non-trainable", frozen) +
         (trained ? total_text("Optimizer", optimizer) : "");
}

}  // namespace

std::string summary_text(const Model& model, SummaryOptions options) {
  if (options.line_length < 40) {
    throw ValueError("summary: line_length must be at least 40, got " + std::to_string(options.line_length));
  }
  const Widths widths = column_widths(options.line_length);
  std::string text = "Model: \"" + model.name() + "\"\n" + rule(widths, "┏", "━", "┳", "┓") +
                     row_text({"Layer (type)", "Output Shape", "Param #"}, widths, "┃") +
                     rule(widths, "┡", "━", "╇", "┩");
  Shape shape = model.kind().input_shape();
  bool first = true;
  for (const Layer& layer : model.layers()) {
    if (!first) text += rule(widths, "├", "─", "┼", "┤");
    first = false;
    shape = layer.output_shape(shape);
    text += row_text({layer.name() + " (" + layer.class_name() + ")", shape_text(shape),
                      with_separators(layer.count_params())},
                     widths, "│");
  }
  return text + rule(widths, "└", "─", "┴", "┘") + totals_text(model);
}

}  // namespace gradus
