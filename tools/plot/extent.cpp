#include <gradus/plot/extent.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::plot {
namespace {

constexpr double kPadding = 0.04;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Axis {
  Range range = {kInfinity, -kInfinity};
  bool logarithmic = false;
  bool exact = false;

  void include(double value) {
    if (!drawable(value, logarithmic)) return;
    range = joined(range, {value, value});
  }

  [[nodiscard]] Range padded() const {
    Range shown = range;
    if (shown.low > shown.high) return logarithmic ? Range{1, 10} : Range{0, 1};
    if (exact) return shown;
    if (logarithmic) {
      const double factor = std::max(std::exp(kPadding * (std::log(shown.high) - std::log(shown.low))), 1.1);
      return {shown.low / factor, shown.high * factor};
    }
    double pad = shown.span() * kPadding;
    if (pad < 1e-12 * std::max(std::abs(shown.low), std::abs(shown.high))) pad = 0;
    if (pad == 0) pad = shown.low == 0 ? 1 : std::abs(shown.low) * 0.1;
    return {shown.low - pad, shown.high + pad};
  }
};

// Half a cell beyond the centres of the outermost cells.
Range cell_edges(Range centres, int count) {
  const double half = count > 1 ? centres.span() / (count - 1) / 2 : 0.5;
  return {centres.low - half, centres.high + half};
}

struct Measure {
  Axis x = {};
  Axis y = {};
  bool table = false;

  void include(const std::vector<double>& xs, const std::vector<double>& ys) {
    for (const double value : xs) x.include(value);
    for (const double value : ys) y.include(value);
  }
  void fill(Range x_edges, Range y_edges) {
    x.range = joined(x.range, x_edges);
    y.range = joined(y.range, y_edges);
    x.exact = y.exact = true;
  }
  void include(Point point) {
    x.include(point.x);
    y.include(point.y);
  }

  void operator()(const Scatter& mark) { include(mark.x, mark.y); }
  void operator()(const Line& mark) { include(mark.x, mark.y); }
  void operator()(const Regions& mark) {
    const Extent edges = extent_of(mark);
    fill(edges.x, edges.y);
  }
  void operator()(const HeatMap& mark) {
    table = true;
    fill({0, static_cast<double>(mark.columns)}, {0, static_cast<double>(mark.rows)});
  }
  void operator()(const Arrow& mark) {
    include(mark.from);
    include(mark.to);
    if (mark.options.label.empty()) return;
    constexpr double kRoomForLabel = 1.4;
    include(Point{mark.from.x + kRoomForLabel * (mark.to.x - mark.from.x),
                  mark.from.y + kRoomForLabel * (mark.to.y - mark.from.y)});
  }
  void operator()(const Text& mark) { include(mark.at); }
};

}  // namespace

bool drawable(double value, bool logarithmic) {
  static constexpr double kFarthest = 1e250;
  return std::abs(value) <= kFarthest && (!logarithmic || value >= 1 / kFarthest);
}

Range joined(Range a, Range b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }

Extent extent_of(const Regions& regions) {
  return {cell_edges(regions.options.x_range, regions.columns),
          cell_edges(regions.options.y_range, regions.rows)};
}

Extent extent_of(const Panel& panel) {
  const PanelOptions& options = panel.options();
  Measure measure;
  measure.x.logarithmic = options.log_x;
  measure.y.logarithmic = options.log_y;
  for (const Mark& mark : panel.marks()) std::visit(measure, mark);
  return {options.x_range.value_or(measure.x.padded()), options.y_range.value_or(measure.y.padded()),
          measure.table};
}

}  // namespace gradus::plot
