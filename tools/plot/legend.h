#pragma once

#include <deque>
#include <string>
#include <vector>

#include <gradus/plot/panel.h>

namespace gradus::plot {

enum class Glyph { kPoint, kLine, kDashedLine, kDottedLine, kArrow };

struct LegendEntry {
  Glyph glyph = Glyph::kPoint;
  Color color = {};
  std::string label = {};
  // Pixels from the legend's left edge, and the row it stands in.
  double offset = 0;
  int row = 0;
};

// Width of the sample that stands before each label, in pixels.
[[nodiscard]] double glyph_width(Glyph glyph);

// What the panel's marks ask to have named.
[[nodiscard]] std::vector<LegendEntry> entries_of(const Panel& panel);

// What the marks of all panels ask to have named, each once.
[[nodiscard]] std::vector<LegendEntry> shared_entries(const std::deque<Panel>& panels);

// Places the entries in rows of at most `width` pixels.
[[nodiscard]] std::vector<LegendEntry> set_in_rows(std::vector<LegendEntry> entries, double width);

}  // namespace gradus::plot
