#include <gradus/graph/error.h>
#include <gradus/models/text_table.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

// Whether the byte goes on with a character of UTF-8 that was begun before.
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

// The text in lines of at most `width` characters.
std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::size_t used = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (used != 0) {
      if (used + 1 + length_of(word) <= width) {
        lines.back() += ' ';
        ++used;
      } else {
        lines.emplace_back();
        used = 0;
      }
    } else if (word.empty() && begin != 0) {
      lines.back() += ' ';
      ++used;
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

std::string repeated(const char* cell, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += cell;
  return text;
}

// As Python rounds: a half to the even neighbour.
std::int64_t rounded(double value) { return static_cast<std::int64_t>(std::nearbyint(value)); }

}  // namespace

// The columns get their shares of the whole line; what padding and borders add is taken off equally.
TextTable::TextTable(std::vector<Column> columns, std::int64_t line_length) : columns_(std::move(columns)) {
  const auto count = static_cast<std::int64_t>(columns_.size());
  constexpr std::int64_t kPadding = 2;
  std::int64_t current = 0;
  std::int64_t excess = count * kPadding + count + 1;
  std::int64_t left = count;
  for (const Column& column : columns_) {
    const std::int64_t width =
        static_cast<std::int64_t>(column.end * static_cast<double>(line_length)) - current;
    current += width;
    const std::int64_t taken = rounded(static_cast<double>(excess) / static_cast<double>(left--));
    excess -= taken;
    if (width - taken < 1) {
      throw ValueError("summary: a line of " + std::to_string(line_length) + " characters is too short for " +
                       std::to_string(count) + " columns");
    }
    widths_.push_back(static_cast<std::size_t>(width - taken));
  }
}

std::string TextTable::rule(const char* left, const char* line, const char* cross, const char* right) const {
  std::string text = left;
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    text += (i == 0 ? "" : cross) + repeated(line, widths_[i] + 2);
  }
  return text + right + "\n";
}

std::string TextTable::row_text(const std::vector<std::string>& row, const char* border) const {
  std::vector<std::vector<std::string>> cells;
  std::size_t height = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    cells.push_back(wrapped(row[i], widths_[i]));
    height = std::max(height, cells.back().size());
  }
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    text += border;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = line < cells[i].size() ? cells[i][line] : "";
      const std::size_t blanks = widths_[i] - length_of(cell);
      const std::size_t before = columns_[i].align == Align::left    ? 0
                                 : columns_[i].align == Align::right ? blanks
                                                                     : blanks / 2;
      text += " " + std::string(before, ' ') + cell + std::string(blanks - before, ' ') + " " + border;
    }
    text += "\n";
  }
  return text;
}

std::string TextTable::text() const {
  std::vector<std::string> headers;
  for (const Column& column : columns_) headers.push_back(column.header);
  std::string text = rule("┏", "━", "┳", "┓") + row_text(headers, "┃") + rule("┡", "━", "╇", "┩");
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (i != 0) text += rule("├", "─", "┼", "┤");
    text += row_text(rows_[i], "│");
  }
  return text + rule("└", "─", "┴", "┘");
}

}  // namespace gradus
