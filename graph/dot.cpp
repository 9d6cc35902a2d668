#include <gradus/graph/dot.h>
#include <gradus/graph/error.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace gradus {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Decodes one code point at `at` and moves on; -1 for a byte that begins no valid UTF-8 sequence (too long a
// form, a surrogate, past U+10FFFF), of which only that byte is consumed.
std::int32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return text[at++];
  const int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  static constexpr std::int32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (first < 0xC2 || first > 0xF4 || at + static_cast<std::size_t>(length) > text.size()) return ++at, -1;
  std::int32_t code = first & (0x7F >> length);
  for (int i = 1; i < length; ++i) {
    const unsigned char next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xC0) != 0x80) return ++at, -1;
    code = code << 6 | (next & 0x3F);
  }
  if (code < kSmallest[length] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return ++at, -1;
  at += static_cast<std::size_t>(length);
  return code;
}

bool printable(std::int32_t code) {
  const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
  return !control && (code & 0xFFFE) != 0xFFFE;  // XML, and so SVG, has no U+FFFE and U+FFFF
}

std::string label(const Node& node) {
  std::string text;
  const auto line = [&](std::string_view content) {
    if (!text.empty()) text += "\\n";
    text += dot_escape(content);
  };
  if (!node.name().empty()) line(node.name());
  if (node.op() != nullptr) {
    line(node.op()->name());
    for (const OpAttribute& attribute : node.op()->attributes())
      line(attribute.name + " = " + attribute.value);
  } else if (node.kind() == NodeKind::constant && node.value().rank() == 0) {
    line(to_string(node.value()));
  }
  line(std::string(to_string(node.value().dtype())) + " " + to_string(node.value().shape()));
  return text;
}

// Graphviz reads no quoted string of more than 16384 bytes: a longer one is written as the sum of shorter
// ones, cut where no escape and no character is.
void write_quoted(std::ostream& out, std::string_view escaped) {
  constexpr std::size_t kMost = 8000;
  out << '"';
  while (escaped.size() > kMost) {
    std::size_t end = kMost;
    while ((static_cast<unsigned char>(escaped[end]) & 0xC0) == 0x80) --end;
    const std::size_t before = escaped.find_last_not_of('\\', end - 1);
    const std::size_t backslashes = before == std::string_view::npos ? end : end - 1 - before;
    end -= backslashes % 2;
    out << escaped.substr(0, end) << "\" + \"";
    escaped.remove_prefix(end);
  }
  out << escaped << '"';
}

// Colours from Okabe and Ito's palette, lightened: told apart by the colour-blind, and by shape.
std::string_view style(const Node& node) {
  switch (node.kind()) {
    case NodeKind::parameter: return "shape=box, style=filled, fillcolor=\"#bfe0f2\", color=\"#0072b2\"";
    case NodeKind::input: return "shape=ellipse, style=filled, fillcolor=\"#c5ead9\", color=\"#009e73\"";
    case NodeKind::constant: return "shape=ellipse, style=filled, fillcolor=\"#eeeeee\", color=\"#888888\"";
    case NodeKind::call: break;
  }
  return "shape=box, style=\"filled,rounded\", fillcolor=\"#fbe9c6\", color=\"#b87a00\"";
}

}  // namespace

std::string dot_escape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const std::int32_t code = next_code_point(text, at);
    switch (code) {
      case '"': result += "\\\""; break;
      case '\\': result += "\\\\"; break;
      case '\n': result += "\\n"; break;
      case '&': result += "&amp;"; break;
      default:
        if (printable(code)) {
          result += text.substr(begin, at - begin);
        } else {
          result += kReplacement;
        }
    }
  }
  return result;
}

void write_dot(std::ostream& out, const Graph& graph) {
  out << "digraph gradus {\n"
         "  graph [rankdir=TB, fontname=\"Helvetica\", nodesep=0.3, ranksep=0.4];\n"
         "  node [fontname=\"Helvetica\", fontsize=11, margin=\"0.12,0.06\"];\n"
         "  edge [color=\"#555555\", arrowsize=0.7];\n";
  for (std::size_t place = 0; place < graph.size(); ++place) {
    const Node& node = graph.node(place);
    out << "  n" << place << " [label=";
    write_quoted(out, label(node));
    out << ", " << style(node);
    if (graph.is_output(place)) out << ", penwidth=2.5";
    out << "];\n";
    for (const std::uint32_t input : graph.inputs(place)) out << "  n" << input << " -> n" << place << ";\n";
  }
  out << "}\n";
}

void write_dot(const std::string& path, const Graph& graph) {
  errno = 0;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (out) write_dot(out, graph);
  out.close();
  if (!out) {
    throw FileError("write_dot: cannot write '" + path + "'" +
                    (errno != 0 ? std::string(": ") + std::strerror(errno) : std::string()));
  }
}

std::string to_dot(const Graph& graph) {
  std::ostringstream out;
  write_dot(out, graph);
  return std::move(out).str();
}

}  // namespace gradus
