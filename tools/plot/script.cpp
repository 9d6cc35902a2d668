#include <gradus/plot/script.h>

#include <locale>
#include <sstream>

#include <gradus/plot/canvas.h>
#include <gradus/plot/layout.h>
#include <gradus/plot/mark_writer.h>
#include <gradus/plot/text.h>

namespace gradus::plot {
namespace {

std::string range(Range range, bool reversed) {
  const std::string low = number(range.low);
  const std::string high = number(range.high);
  return reversed ? "[" + high + ":" + low + "]" : "[" + low + ":" + high + "]";
}

// Only where the ticks stand: their labels are ours, so that they stand alike on every terminal.
std::string tick_list(const std::vector<Tick>& ticks) {
  std::string list;
  for (const Tick& tick : ticks) list += (list.empty() ? "(\"\" " : ", \"\" ") + number(tick.at);
  return list + ")";
}

void write_axes(std::ostream& out, const PanelLayout& layout, const PanelOptions& options) {
  out << "unset logscale\n";
  if (options.log_x) out << "set logscale x\n";
  if (options.log_y) out << "set logscale y\n";
  out << "set xrange " << range(layout.x, false) << "\nset yrange " << range(layout.y, layout.table) << '\n';
  if (layout.table) {
    out << "unset border\nunset grid\nunset xtics\nunset ytics\n";
    return;
  }
  out << "set border 3 back lw 1 lc rgb " << literal(hex(kSoftInk)) << "\nset grid back lt 1 lw 0.8 lc rgb "
      << literal(hex(kGrid)) << '\n';
  const auto write_ticks = [&](const char* axis, const std::vector<Tick>& ticks) {
    if (ticks.empty()) out << "unset " << axis << '\n';
    if (!ticks.empty()) out << "set " << axis << " nomirror out scale 0.5 " << tick_list(ticks) << '\n';
  };
  write_ticks("xtics", layout.x_ticks);
  write_ticks("ytics", layout.y_ticks);
}

void write_tick_labels(Canvas& canvas, const PanelLayout& layout, const PanelOptions& options) {
  const Box& axes = layout.axes;
  for (const Tick& tick : layout.x_ticks) {
    const double x = layout.pixel({tick.at, layout.y.low}, options).x;
    canvas.text({x, axes.bottom + kTickGap + kFontSizes.tick / 2}, tick.label,
                {.size = kFontSizes.tick, .align = Align::kCenter});
  }
  if (!layout.y_numbers) return;
  for (const Tick& tick : layout.y_ticks) {
    const double y = layout.pixel({layout.x.low, tick.at}, options).y;
    canvas.text({axes.left - kTickGap, y}, tick.label, {.size = kFontSizes.tick, .align = Align::kRight});
  }
}

// `origin` is the legend's top left corner.
void write_legend(Canvas& canvas, const std::vector<LegendEntry>& legend, Point origin) {
  for (const LegendEntry& entry : legend) {
    canvas.legend_entry(entry, {origin.x, origin.y + kLegendHeight * (entry.row + 0.5)});
  }
}

void write_figure_header(Canvas& canvas, const FigureLayout& layout, const std::string& title) {
  double y = kMargin;
  if (!title.empty()) {
    for (const std::string& line : lines_of(title)) {
      canvas.text({kMargin, y + kTitleHeight / 2}, line, {.size = kFontSizes.figure_title, .bold = true});
      y += kFigureTitleHeight;
    }
  }
  write_legend(canvas, layout.legend, {kMargin, y});
}

void write_header(Canvas& canvas, const PanelLayout& layout, const PanelOptions& options) {
  const Box& axes = layout.axes;
  double y = axes.top - kHeaderGap;
  if (!layout.legend.empty()) {
    y -= kLegendHeight * (layout.legend.back().row + 1);
    write_legend(canvas, layout.legend, {axes.left, y});
  }
  const auto write_lines = [&](const std::string& text, double height, const TextStyle& style) {
    if (text.empty()) return;
    const std::vector<std::string> lines = lines_of(text);
    y -= height * static_cast<double>(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      canvas.text({axes.left, y + height * (static_cast<double>(i) + 0.5)}, lines[i], style);
    }
  };
  write_lines(options.caption, kCaptionHeight, {.size = kFontSizes.caption, .color = kSoftInk});
  write_lines(options.title, kTitleHeight, {.size = kFontSizes.panel_title, .bold = true});
}

void write_axis_labels(Canvas& canvas, const PanelLayout& layout, const PanelOptions& options) {
  const Box& axes = layout.axes;
  if (!options.x_label.empty()) {
    const double below = layout.x_ticks.empty() ? 0 : kFontSizes.tick + kTickGap + 2;
    canvas.text({(axes.left + axes.right) / 2, axes.bottom + below + kFontSizes.axis / 2 + 5},
                options.x_label, {.size = kFontSizes.axis, .align = Align::kCenter});
  }
  if (!options.y_label.empty() && layout.y_numbers) {
    const double beside = widest_label(layout.y_ticks) + kTickGap;
    canvas.text({axes.left - beside - kFontSizes.axis / 2 - 7, (axes.top + axes.bottom) / 2}, options.y_label,
                {.size = kFontSizes.axis, .align = Align::kCenter, .upwards = true});
  }
}

}  // namespace

std::string figure_script(const FigureOptions& options, const std::deque<Panel>& panels) {
  std::ostringstream out;
  out.imbue(std::locale::classic());  // the program's locale may group digits
  Canvas canvas(out, options.width, options.height);
  out << "set encoding utf8\nunset key\nset multiplot\n";
  const FigureLayout figure = lay_out(options, panels);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const PanelLayout& layout = figure.panels[i];
    const PanelOptions& panel = panels[i].options();
    out << "unset label\nunset arrow\nunset object\n";
    canvas.margins(layout.axes);
    write_axes(out, layout, panel);
    if (i == 0) write_figure_header(canvas, figure, options.title);
    write_header(canvas, layout, panel);
    write_tick_labels(canvas, layout, panel);
    write_axis_labels(canvas, layout, panel);
    MarkWriter writer(out, canvas, panels[i], layout);
    for (const Mark& mark : panels[i].marks()) std::visit(writer, mark);
    writer.plot();
  }
  out << "unset multiplot\n";
  return out.str();
}

}  // namespace gradus::plot
