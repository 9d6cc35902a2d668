#include <gradus/models/data/csv_records.h>

#include <span>

namespace gradus::data {

namespace {

constexpr std::size_t kPiece = 65536;

std::string at_line(std::uint64_t line) { return "line " + std::to_string(line); }

}  // namespace

CsvRecords::CsvRecords(const std::string& path, char delimiter, char quote)
    : file_(path), delimiter_(delimiter), quote_(quote), piece_(kPiece) {
  fill();
  const std::string_view start(piece_.data(), size_);
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) fail("it is UTF-16, not UTF-8");
  if (start.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

bool CsvRecords::fill() {
  at_ = 0;
  size_ = file_.read_some(std::as_writable_bytes(std::span(piece_)));
  return size_ != 0;
}

int CsvRecords::peek() {
  if (at_ == size_ && !fill()) return kEnd;
  return static_cast<unsigned char>(piece_[at_]);
}

int CsvRecords::take() {
  const int c = peek();
  if (c == kEnd) return c;
  ++at_;
  if (c == 0) fail(at_line(line_) + " has a zero byte: it is not UTF-8 text");
  return c;
}

// After the first character of a line's end.
void CsvRecords::end_line(int first) {
  if (first == '\r' && peek() == '\n') take();
  ++line_;
}

void CsvRecords::append(char c) {
  if (text_.size() == kLongestRecord) {
    fail_at_record(" begins a record of more than " + std::to_string(kLongestRecord) + " bytes");
  }
  text_ += c;
}

// After the opening quote: reads the cell, and gives the character after it.
int CsvRecords::quoted_cell() {
  const std::uint64_t opened = line_;
  for (;;) {
    const int c = take();
    if (c == kEnd) fail(at_line(opened) + " opens a quote that is never closed");
    if (c == quote_) {
      if (peek() != quote_) break;
      take();
    }
    // A line end within the cell is kept as it is, and counted.
    if (c == '\n' || (c == '\r' && peek() != '\n')) ++line_;
    append(static_cast<char>(c));
  }
  const int after = take();
  if (after != kEnd && after != '\n' && after != '\r' && after != static_cast<unsigned char>(delimiter_)) {
    fail(at_line(line_) + " has text after a closing quote");
  }
  return after;
}

int CsvRecords::plain_cell(int first) {
  int c = first;
  while (c != kEnd && c != '\n' && c != '\r' && c != static_cast<unsigned char>(delimiter_)) {
    append(static_cast<char>(c));
    c = take();
  }
  return c;
}

bool CsvRecords::next() {
  text_.clear();
  ends_.clear();
  cells_.clear();
  while (peek() == '\n' || peek() == '\r') end_line(take());
  record_line_ = line_;
  if (peek() == kEnd) return false;
  for (;;) {
    const int first = take();
    const int after = first == static_cast<unsigned char>(quote_) ? quoted_cell() : plain_cell(first);
    ends_.push_back(text_.size());
    if (after == static_cast<unsigned char>(delimiter_)) continue;
    if (after != kEnd) end_line(after);
    break;
  }
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    cells_.push_back(std::string_view(text_).substr(begin, end - begin));
    begin = end;
  }
  return true;
}

void CsvRecords::fail_at_record(const std::string& reason) const { fail(at_line(record_line_) + reason); }

}  // namespace gradus::data
