#include <gradus/plot/legend.h>

#include <algorithm>
#include <utility>

#include <gradus/plot/text.h>

namespace gradus::plot {
namespace {

constexpr double kBetweenEntries = 18;

// Visits each kind of mark, in the order drawn.
struct Collector {
  std::vector<LegendEntry> entries = {};

  void add(Glyph glyph, Color color, const std::string& label) {
    if (!label.empty()) entries.push_back({glyph, color, printable(label)});
  }
  void operator()(const Scatter& mark) {
    const ScatterOptions& options = mark.options;
    add(Glyph::kPoint, mix(options.color.value_or(class_color(0)), kWhite, options.pale), options.label);
    for (std::size_t i = 0; i < options.class_names.size(); ++i) {
      add(Glyph::kPoint, mix(class_color(static_cast<int>(i)), kWhite, options.pale), options.class_names[i]);
    }
  }
  void operator()(const Line& mark) {
    const LineOptions& options = mark.options;
    const Glyph glyph = options.dashed ? Glyph::kDashedLine
                        : options.dots ? Glyph::kDottedLine
                                       : Glyph::kLine;
    add(glyph, options.color, options.label);
  }
  void operator()(const Arrow& mark) { add(Glyph::kArrow, mark.options.color, mark.options.legend); }
  void operator()(const Regions&) {}
  void operator()(const HeatMap&) {}
  void operator()(const Text&) {}
};

}  // namespace

double glyph_width(Glyph glyph) { return glyph == Glyph::kPoint ? 14 : 30; }

std::vector<LegendEntry> entries_of(const Panel& panel) {
  Collector collector;
  for (const Mark& mark : panel.marks()) std::visit(collector, mark);
  return std::move(collector.entries);
}

std::vector<LegendEntry> shared_entries(const std::deque<Panel>& panels) {
  std::vector<LegendEntry> shared;
  for (const Panel& panel : panels) {
    for (LegendEntry& entry : entries_of(panel)) {
      const auto same = [&](const LegendEntry& other) {
        return other.glyph == entry.glyph && other.color == entry.color && other.label == entry.label;
      };
      if (std::none_of(shared.begin(), shared.end(), same)) shared.push_back(std::move(entry));
    }
  }
  return shared;
}

std::vector<LegendEntry> set_in_rows(std::vector<LegendEntry> entries, double width) {
  double offset = 0;
  int row = 0;
  for (LegendEntry& entry : entries) {
    const double size = glyph_width(entry.glyph) + text_width(entry.label, kFontSizes.legend);
    if (offset > 0 && offset + size > width) {
      offset = 0;
      ++row;
    }
    entry.offset = offset;
    entry.row = row;
    offset += size + kBetweenEntries;
  }
  return entries;
}

}  // namespace gradus::plot
