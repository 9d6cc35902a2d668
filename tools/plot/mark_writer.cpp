#include <gradus/plot/mark_writer.h>

#include <algorithm>
#include <cmath>
#include <locale>
#include <sstream>

#include <gradus/plot/extent.h>
#include <gradus/plot/text.h>

namespace gradus::plot {
namespace {

constexpr double kOutlineWidth = 0.7;

unsigned rgb_value(Color color) {
  return (unsigned{color.red} << 16U) | (unsigned{color.green} << 8U) | unsigned{color.blue};
}

std::string cell_text(double value, int decimals) {
  if (!std::isfinite(value)) return number(value);
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.setf(std::ios::fixed);
  text.precision(std::clamp(decimals, 0, 17));
  text << std::abs(value);
  return (value < 0 ? "\u2212" : "") + text.str();
}

}  // namespace

void MarkWriter::operator()(const Scatter& mark) {
  const ScatterOptions& options = mark.options;
  const auto add = [&](std::size_t i, double radius, Color color) {
    out_ << number(mark.x[i]) << ' ' << number(mark.y[i]) << ' ' << number(Canvas::point_size(radius)) << ' '
         << rgb_value(color) << '\n';
  };
  begin_block();
  for (std::size_t i = 0; i < mark.x.size(); ++i) {
    if (!shown({mark.x[i], mark.y[i]})) continue;
    const Color color = mix(options.color.value_or(class_color(mark.classes[i])), kWhite, options.pale);
    // A dark disc with the point's own disc on it: an outline that keeps points apart where they crowd.
    add(i, options.radius, outline_of(color));
    add(i, std::max(options.radius - kOutlineWidth, 0.0), color);
  }
  end_block("using 1:2:3:4 with points pt 7 ps variable lc rgb variable");
}

void MarkWriter::operator()(const Line& mark) {
  const LineOptions& options = mark.options;
  begin_block();
  for (std::size_t i = 0; i < mark.x.size(); ++i) {
    const bool drawn = shown({mark.x[i], mark.y[i]});
    if (drawn) out_ << number(mark.x[i]) << ' ' << number(mark.y[i]) << '\n';
    if (!drawn) out_ << '\n';
  }
  const std::string color = " lc rgb " + literal(hex(options.color));
  end_block("using 1:2 with lines lw " + number(options.width) + (options.dashed ? " dt (9,6)" : "") + color);
  if (options.dots) repeat_block("using 1:2 with points pt 7 ps " + number(Canvas::point_size(3)) + color);
}

// A rectangle for each run of equal cells in a row, reaching one cell further to the right and up: what
// comes later covers that, and no seam shows between cells as it would between shapes that only touch.
void MarkWriter::operator()(const Regions& mark) {
  const Extent edges = extent_of(mark);
  const auto edge = [](Range range, int i, int count) { return range.low + range.span() * i / count; };
  const auto columns = static_cast<std::size_t>(mark.columns);
  begin_block();
  for (int row = 0; row < mark.rows; ++row) {
    const int* const classes = mark.classes.data() + static_cast<std::size_t>(row) * columns;
    const std::string vertical = number(edge(edges.y, row, mark.rows)) + ' ' +
                                 number(edge(edges.y, std::min(row + 2, mark.rows), mark.rows));
    for (int column = 0, end = 0; column < mark.columns; column = end) {
      while (end < mark.columns && classes[end] == classes[column]) ++end;
      const Color color = mix(class_color(classes[column]), kWhite, mark.options.pale);
      out_ << "0 0 " << number(edge(edges.x, column, mark.columns)) << ' '
           << number(edge(edges.x, std::min(end + 1, mark.columns), mark.columns)) << ' ' << vertical << ' '
           << rgb_value(color) << '\n';
    }
  }
  end_block("using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 noborder lc rgb variable");
}

void MarkWriter::operator()(const HeatMap& mark) {
  double limit = mark.options.limit;
  if (limit == 0) {
    for (const double value : mark.values) {
      if (std::isfinite(value)) limit = std::max(limit, std::abs(value));
    }
  }
  for (int row = 0; row < mark.rows; ++row) {
    for (int column = 0; column < mark.columns; ++column) {
      const double value = mark.values[static_cast<std::size_t>(row * mark.columns + column)];
      // Full strength is kept below the pure colours, on which no text reads well.
      const Color fill = diverging_color(limit > 0 ? 0.85 * value / limit : 0);
      const Point from = layout_.pixel({static_cast<double>(column), static_cast<double>(row)}, options_);
      const Point to = layout_.pixel({column + 1.0, row + 1.0}, options_);
      canvas_.rectangle({from.x + 1.5, from.y + 1.5, to.x - 1.5, to.y - 1.5}, fill);
      const Point middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
      canvas_.text(
          middle, cell_text(value, mark.options.decimals),
          {.size = kFontSizes.cell, .color = is_light(fill) ? kInk : kWhite, .align = Align::kCenter});
    }
  }
}

void MarkWriter::operator()(const Arrow& mark) {
  if (!shown(mark.from) || !shown(mark.to)) return;
  const Point from = layout_.pixel(mark.from, options_);
  const Point to = layout_.pixel(mark.to, options_);
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  if (length == 0) return;
  canvas_.arrow(from, to, mark.options.color, mark.options.width);
  if (mark.options.label.empty()) return;
  const Point ahead{(to.x - from.x) / length, (to.y - from.y) / length};
  canvas_.text(
      beyond(to, ahead, mark.options.label), mark.options.label,
      {.size = kFontSizes.legend, .color = mark.options.color, .align = Align::kCenter, .plate = true});
}

void MarkWriter::operator()(const Text& mark) {
  if (!shown(mark.at)) return;
  canvas_.text(layout_.pixel(mark.at, options_), mark.text,
               {.size = kFontSizes.legend, .align = Align::kCenter, .plate = true});
}

void MarkWriter::plot() {
  // An unseen point, so that a panel without data is drawn too.
  begin_block();
  out_ << number(layout_.x.low) << ' ' << number(layout_.y.low) << '\n';
  end_block("using 1:2 with lines lt nodraw");
  out_ << "plot " << terms_ << '\n';
}

// The middle of a label that stands past an arrow's head, inside the axes.
Point MarkWriter::beyond(Point head, Point ahead, const std::string& label) const {
  const double half_width = text_width(label, kFontSizes.legend) / 2 + 3;
  const double half_height = kFontSizes.legend / 2 + 2;
  // As far as a box of that size reaches in this direction.
  const double reach = std::min(half_width / std::max(std::abs(ahead.x), 1e-9),
                                half_height / std::max(std::abs(ahead.y), 1e-9));
  const Box& axes = layout_.axes;
  const auto within = [](double at, double low, double high) {
    return low < high ? std::clamp(at, low, high) : at;
  };
  return {within(head.x + (reach + 4) * ahead.x, axes.left + half_width, axes.right - half_width),
          within(head.y + (reach + 4) * ahead.y, axes.top + half_height, axes.bottom - half_height)};
}

bool MarkWriter::shown(Point point) const {
  return drawable(point.x, options_.log_x) && drawable(point.y, options_.log_y);
}

void MarkWriter::begin_block() {
  block_ = "$d" + std::to_string(canvas_.next_block());
  out_ << block_ << " << EOD\n";
}
void MarkWriter::end_block(const std::string& how) {
  out_ << "EOD\n";
  repeat_block(how);
}
void MarkWriter::repeat_block(const std::string& how) {
  terms_ += (terms_.empty() ? "" : ", ") + block_ + " " + how + " notitle";
}

}  // namespace gradus::plot
