#include <gradus/plot/layout.h>

#include <algorithm>
#include <cmath>

#include <gradus/plot/extent.h>
#include <gradus/plot/text.h>

namespace gradus::plot {
namespace {

constexpr double kXPixelsPerTick = 75;
constexpr double kYPixelsPerTick = 48;
constexpr double kBetweenPanels = 22;

double share_of(Range range, double value, bool logarithmic) {
  if (!logarithmic) return (value - range.low) / range.span();
  return std::log(value / range.low) / std::log(range.high / range.low);
}

std::vector<Tick> name_ticks(const std::vector<std::string>& names) {
  std::vector<Tick> ticks;
  for (std::size_t i = 0; i < names.size(); ++i)
    ticks.push_back({static_cast<double>(i) + 0.5, printable(names[i])});
  return ticks;
}

void set_ticks(PanelLayout& layout, const Panel& panel) {
  const PanelOptions& options = panel.options();
  if (!layout.table) {
    const int x_count = std::max(2, static_cast<int>(layout.axes.width() / kXPixelsPerTick));
    const int y_count = std::max(2, static_cast<int>(layout.axes.height() / kYPixelsPerTick));
    double x_step = options.log_x ? 0 : linear_step(layout.x, x_count);
    double y_step = options.log_y ? 0 : linear_step(layout.y, y_count);
    if (options.equal_aspect) x_step = y_step = std::max(x_step, y_step);
    layout.x_ticks = options.log_x ? log_ticks(layout.x, x_count) : linear_ticks(layout.x, x_step);
    layout.y_ticks = options.log_y ? log_ticks(layout.y, y_count) : linear_ticks(layout.y, y_step);
    return;
  }
  for (const Mark& mark : panel.marks()) {
    if (const auto* map = std::get_if<HeatMap>(&mark)) {
      layout.x_ticks = name_ticks(map->options.column_names);
      layout.y_ticks = name_ticks(map->options.row_names);
    }
  }
}

double header_height(const Panel& panel, const PanelLayout& layout) {
  const PanelOptions& options = panel.options();
  double height = kHeaderGap;
  if (!options.title.empty()) height += kTitleHeight * static_cast<double>(lines_of(options.title).size());
  if (!options.caption.empty())
    height += kCaptionHeight * static_cast<double>(lines_of(options.caption).size());
  if (!layout.legend.empty()) height += kLegendHeight * (layout.legend.back().row + 1);
  return height;
}

double left_of_axes(const Panel& panel, const PanelLayout& layout) {
  double width = layout.y_numbers && !layout.y_ticks.empty() ? widest_label(layout.y_ticks) + kTickGap : 0;
  if (layout.y_numbers && !panel.options().y_label.empty()) width += kFontSizes.axis + 10;
  return width;
}

double below_axes(const Panel& panel, const PanelLayout& layout) {
  double height = layout.x_ticks.empty() ? 0 : kFontSizes.tick + kTickGap + 2;
  if (!panel.options().x_label.empty()) height += kFontSizes.axis + 9;
  return height;
}

// One unit is to be as long on both axes: ranges that were found grow, given ones keep and the axes shrink.
void equalise(PanelLayout& layout, const Panel& panel) {
  const PanelOptions& options = panel.options();
  if (!options.equal_aspect) return;
  Box& axes = layout.axes;
  const double x_scale = axes.width() / layout.x.span();
  const double y_scale = axes.height() / layout.y.span();
  const bool regions = !panel.marks().empty() && std::holds_alternative<Regions>(panel.marks().front());
  const bool fixed = layout.table || regions;
  const auto grow = [](Range& range, double factor) {
    const double more = range.span() * (factor - 1) / 2;
    range = {range.low - more, range.high + more};
  };
  if (x_scale > y_scale) {
    if (!options.x_range && !fixed) return grow(layout.x, x_scale / y_scale);
    const double spare = axes.width() - layout.x.span() * y_scale;
    axes.left += spare / 2;
    axes.right -= spare / 2;
  } else {
    if (!options.y_range && !fixed) return grow(layout.y, y_scale / x_scale);
    axes.bottom = axes.top + layout.y.span() * x_scale;
  }
}

void share_y(const std::deque<Panel>& panels, std::vector<PanelLayout>& layouts, std::size_t columns) {
  Range all = layouts.front().y;
  for (const PanelLayout& layout : layouts) all = joined(all, layout.y);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    layouts[i].y = all;
    layouts[i].y_numbers = i % columns == 0;
  }
}

double figure_header_height(const FigureOptions& options, const std::vector<LegendEntry>& legend) {
  double height = 0;
  if (!options.title.empty())
    height += kFigureTitleHeight * static_cast<double>(lines_of(options.title).size());
  if (!legend.empty()) height += kLegendHeight * (legend.back().row + 1);
  return height > 0 ? height + kHeaderGap : 0;
}

// Gives each panel its axes from what its ticks, labels and header take in the previous pass.
void set_boxes(const FigureOptions& options, const std::deque<Panel>& panels, std::size_t columns,
               FigureLayout& figure) {
  std::vector<PanelLayout>& layouts = figure.panels;
  const std::size_t rows = (panels.size() + columns - 1) / columns;
  std::vector<double> left(columns, 0);
  std::vector<double> above(rows, 0);
  std::vector<double> below(rows, 0);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    left[i % columns] = std::max(left[i % columns], left_of_axes(panels[i], layouts[i]));
    above[i / columns] = std::max(above[i / columns], header_height(panels[i], layouts[i]));
    below[i / columns] = std::max(below[i / columns], below_axes(panels[i], layouts[i]));
  }
  double width = options.width - 2 * kMargin - 8 - kBetweenPanels * static_cast<double>(columns - 1);
  for (const double taken : left) width -= taken;
  const double header = figure_header_height(options, figure.legend);
  double height = options.height - 2 * kMargin - header - kBetweenPanels * static_cast<double>(rows - 1);
  for (std::size_t row = 0; row < rows; ++row) height -= above[row] + below[row];
  // A figure too small for its labels keeps axes of a few pixels: it looks bad, but it is drawn.
  width = std::max(width / static_cast<double>(columns), 10.0);
  height = std::max(height / static_cast<double>(rows), 10.0);

  double top = kMargin + header;
  for (std::size_t row = 0; row < rows; ++row) {
    double x = kMargin;
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t i = row * columns + column;
      x += left[column];
      if (i < panels.size()) layouts[i].axes = {x, top + above[row], x + width, top + above[row] + height};
      x += width + kBetweenPanels;
    }
    top += above[row] + height + below[row] + kBetweenPanels;
  }
}

}  // namespace

Point PanelLayout::pixel(Point point, const PanelOptions& options) const {
  const double across = share_of(x, point.x, options.log_x);
  const double up = share_of(y, point.y, options.log_y);
  return {axes.left + across * axes.width(),
          table ? axes.top + up * axes.height() : axes.bottom - up * axes.height()};
}

double widest_label(const std::vector<Tick>& ticks) {
  double width = 0;
  for (const Tick& tick : ticks) width = std::max(width, text_width(tick.label, kFontSizes.tick));
  return width;
}

FigureLayout lay_out(const FigureOptions& options, const std::deque<Panel>& panels) {
  const std::size_t columns =
      options.columns == 0 ? panels.size() : static_cast<std::size_t>(options.columns);
  FigureLayout figure;
  if (options.share_legend) figure.legend = set_in_rows(shared_entries(panels), options.width - 2 * kMargin);
  std::vector<PanelLayout>& layouts = figure.panels;
  layouts.resize(panels.size());
  // Ticks and legends depend on the size of the axes, which depends on the room they take: the third pass is
  // stable.
  for (int pass = 0; pass < 3; ++pass) {
    for (std::size_t i = 0; i < panels.size(); ++i) {
      const Extent extent = extent_of(panels[i]);
      layouts[i].x = extent.x;
      layouts[i].y = extent.y;
      layouts[i].table = extent.table;
    }
    if (options.share_y) share_y(panels, layouts, columns);
    set_boxes(options, panels, columns, figure);
    for (std::size_t i = 0; i < panels.size(); ++i) {
      equalise(layouts[i], panels[i]);
      set_ticks(layouts[i], panels[i]);
      if (!options.share_legend)
        layouts[i].legend = set_in_rows(entries_of(panels[i]), layouts[i].axes.width());
    }
  }
  return figure;
}

}  // namespace gradus::plot
