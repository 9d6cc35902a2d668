#include <gradus/plot/svg_repair.h>

#include <algorithm>

#include <gradus/plot/text.h>

namespace gradus::plot {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string repaired_tag(std::string_view tag) {
  std::string result(tag);
  static constexpr std::string_view kFamilies =
      "font-family=\"DejaVu Sans, Verdana, Helvetica, Arial, sans-serif\"";
  replace_all(result, "font-family=\"DejaVu Sans:Bold\"", std::string(kFamilies) + " font-weight=\"bold\"");
  replace_all(result, "font-family=\"DejaVu Sans\"", kFamilies);
  replace_all(result, " shape-rendering='crispEdges'", "");
  return result;
}

}  // namespace

std::string repaired_svg(std::string_view svg, std::string_view title) {
  std::string result;
  result.reserve(svg.size() + svg.size() / 8);
  bool titled = false;
  while (!svg.empty()) {
    // gnuplot escapes "<" in texts, so that each one left begins a tag.
    const std::size_t begin = std::min(svg.find('<'), svg.size());
    std::string content(svg.substr(0, begin));
    replace_all(content, "]]>", "]]&gt;");
    result += content;
    svg.remove_prefix(begin);
    if (svg.starts_with("<title>")) {
      static constexpr std::string_view kEnd = "</title>";
      svg.remove_prefix(std::min(svg.find(kEnd), svg.size() - kEnd.size()) + kEnd.size());
      if (!titled && !title.empty()) result += "<title>" + xml_escaped(title) + "</title>";
      titled = true;
      continue;
    }
    const std::size_t end = svg.find('>');
    const std::size_t length = end == std::string_view::npos ? svg.size() : end + 1;
    result += repaired_tag(svg.substr(0, length));
    svg.remove_prefix(length);
  }
  return result;
}

}  // namespace gradus::plot
