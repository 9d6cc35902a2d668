#include <gradus/ops/kernels/linalg/einsum_subscripts.h>

#include <algorithm>

namespace gradus::kernels {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Parser {
 public:
  Parser(std::string_view text, const Call& call) : text_(text), call_(call) {}

  EinsumSubscripts run() {
    for (at_ = 0; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == ' ') continue;
      if (is_letter(c)) {
        letter(c);
      } else if (c == '.') {
        ellipsis();
      } else if (c == ',') {
        if (arrow_) fail("',' at position " + place() + " stands in the result");
        operands_.emplace_back();
      } else if (c == '-' && text_.substr(at_, 2) == "->") {
        if (arrow_) fail("'->' at position " + place() + " is the second");
        arrow_ = true;
        ++at_;
      } else if (c == '-') {
        fail("'-' at position " + place() + " is not followed by '>'");
      } else if (c == '>') {
        fail("'>' at position " + place() + " does not follow '-'");
      } else {
        fail("'" + std::string(1, c) + "' at position " + place() + " is no letter");
      }
    }
    if (operands_.size() != call_.size()) {
      fail("there are subscripts for " + std::to_string(operands_.size()) + " operands, and " +
           std::to_string(call_.size()) + " operands");
    }
    if (!arrow_) {
      imply_result();
    } else if (broadcasts() && !result_.has_ellipsis()) {
      fail("'...' is missing from the result");
    }
    return {std::move(operands_), std::move(result_)};
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw call_.value_error("'" + std::string(text_) + "': " + problem);
  }
  std::string place() const { return std::to_string(at_); }
  EinsumTerm& term() { return arrow_ ? result_ : operands_.back(); }
  bool broadcasts() const { return std::ranges::any_of(operands_, &EinsumTerm::has_ellipsis); }
  std::ptrdiff_t uses(char letter) const {
    std::ptrdiff_t count = 0;
    for (const EinsumTerm& operand : operands_) count += std::ranges::count(operand.letters, letter);
    return count;
  }

  void letter(char c) {
    const std::string quoted = "'" + std::string(1, c) + "' at position " + place();
    if (arrow_ && uses(c) == 0) fail(quoted + " is in no operand");
    if (arrow_ && result_.letters.find(c) != std::string::npos) fail(quoted + " stands twice in the result");
    term().letters += c;
  }

  void ellipsis() {
    if (text_.substr(at_, 3) != "...") fail("'.' at position " + place() + " is not part of '...'");
    if (term().has_ellipsis()) {
      fail("'...' at position " + place() + " is the second of its " + (arrow_ ? "result" : "operand"));
    }
    term().ellipsis = term().letters.size();
    at_ += 2;
  }

  void imply_result() {
    for (const EinsumTerm& operand : operands_) {
      for (const char c : operand.letters) {
        if (uses(c) == 1) result_.letters += c;
      }
    }
    std::ranges::sort(result_.letters);
    if (broadcasts()) result_.ellipsis = 0;
  }

  std::string_view text_;
  const Call& call_;
  std::size_t at_ = 0;
  bool arrow_ = false;
  std::vector<EinsumTerm> operands_ = std::vector<EinsumTerm>(1);
  EinsumTerm result_;
};

}  // namespace

std::string EinsumTerm::text() const {
  return has_ellipsis() ? letters.substr(0, ellipsis) + "..." + letters.substr(ellipsis) : letters;
}

EinsumSubscripts parse_einsum(std::string_view text, const Call& call) { return Parser(text, call).run(); }

}  // namespace gradus::kernels
