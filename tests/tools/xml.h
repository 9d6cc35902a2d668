#pragma once

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::test {

// The part of XML that tests of SVG files need: throws where a document is not well formed, and collects the
// contents of its <text> elements, entities resolved.
class XmlReader {
 public:
  explicit XmlReader(std::string_view document) : rest_(document) {
    bool rooted = false;
    while (!rest_.empty()) {
      if (rest_.front() != '<') {
        read_content(rest_.substr(0, rest_.find('<')));
      } else if (skip("<?", "?>") || skip("<!--", "-->") || skip("<!DOCTYPE", ">")) {
        continue;
      } else {
        if (open_.empty() && rooted) fail("a second root element");
        rooted = true;
        read_tag();
      }
    }
    if (!rooted || !open_.empty()) fail("an element is not closed");
  }

  [[nodiscard]] std::vector<std::string> texts() const { return texts_; }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("not XML: " + what + " before \"" + std::string(rest_.substr(0, 80)) + "\"");
  }

  bool skip(std::string_view begin, std::string_view end) {
    if (!rest_.starts_with(begin)) return false;
    const std::size_t at = rest_.find(end);
    if (at == std::string_view::npos) fail("no " + std::string(end));
    rest_.remove_prefix(at + end.size());
    return true;
  }

  std::string resolved(std::string_view text) const {
    std::string result;
    while (!text.empty()) {
      const auto byte = static_cast<unsigned char>(text.front());
      if (text.front() == '<' || (byte < 0x20 && std::isspace(byte) == 0))
        fail("a character that must not stand here");
      std::size_t length = 1;
      if (text.front() == '&') {
        length = std::min(text.find(';'), text.size() - 1) + 1;
        result += entity(text.substr(0, length));
      } else {
        result += text.front();
      }
      text.remove_prefix(length);
    }
    return result;
  }

  std::string entity(std::string_view name) const {
    if (name == "&amp;") return "&";
    if (name == "&lt;") return "<";
    if (name == "&gt;") return ">";
    if (name == "&quot;" || name == "&#34;") return "\"";
    if (name == "&apos;" || name == "&#39;") return "'";
    if (name == "&#45;") return "-";
    if (name == "&#160;") return "\u00A0";
    fail("unknown entity " + std::string(name.substr(0, 20)));
  }

  void read_content(std::string_view content) {
    if (content.find("]]>") != std::string_view::npos) fail("]]> in a text");
    const std::string text = resolved(content);
    if (!open_.empty() && open_.back() == "text") texts_.back() += text;
    if (open_.empty() && text.find_first_not_of(" \t\r\n") != std::string::npos)
      fail("text outside of the root");
    rest_.remove_prefix(content.size());
  }

  std::string_view read_name() {
    std::size_t size = 0;
    while (size < rest_.size() && (std::isalnum(static_cast<unsigned char>(rest_[size])) != 0 ||
                                   std::string_view("_-:.").find(rest_[size]) != std::string_view::npos)) {
      ++size;
    }
    if (size == 0) fail("no name");
    const std::string_view name = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return name;
  }

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  void read_attribute() {
    read_name();
    skip_blanks();
    if (!rest_.starts_with('=')) fail("no = in an attribute");
    rest_.remove_prefix(1);
    skip_blanks();
    if (!rest_.starts_with('"') && !rest_.starts_with('\'')) fail("no quote in an attribute");
    const std::size_t end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) fail("an attribute does not end");
    static_cast<void>(resolved(rest_.substr(1, end - 1)));
    rest_.remove_prefix(end + 1);
  }

  void read_tag() {
    rest_.remove_prefix(1);
    const bool closing = rest_.starts_with('/');
    if (closing) rest_.remove_prefix(1);
    const std::string name(read_name());
    if (closing) {
      if (open_.empty() || open_.back() != name) fail("</" + name + "> closes another element");
      open_.pop_back();
    } else {
      open_.push_back(name);
      if (name == "text") texts_.emplace_back();
    }
    for (skip_blanks(); !closing && !rest_.starts_with('>') && !rest_.starts_with("/>"); skip_blanks())
      read_attribute();
    if (rest_.starts_with("/>")) {
      rest_.remove_prefix(1);
      open_.pop_back();
    }
    skip_blanks();
    if (!rest_.starts_with('>')) fail("a tag does not end");
    rest_.remove_prefix(1);
  }

  std::string_view rest_;
  std::vector<std::string> open_;
  std::vector<std::string> texts_;
};

}  // namespace gradus::test
