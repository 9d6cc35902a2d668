#include <gradus/plot/panel.h>

#include <cmath>
#include <utility>

#include <gradus/graph/error.h>
#include <gradus/plot/extent.h>
#include <gradus/plot/text.h>

namespace gradus::plot {
namespace {

void check_length(const char* call, const char* name, std::size_t length, std::size_t x_length) {
  if (length == x_length) return;
  throw ShapeError(std::string(call) + ": " + name + " has " + std::to_string(length) + " values, x has " +
                   std::to_string(x_length));
}

void check_grid(const char* call, std::size_t length, int rows, int columns) {
  const bool fits = rows > 0 && columns > 0 &&
                    length / static_cast<std::size_t>(columns) == static_cast<std::size_t>(rows) &&
                    length % static_cast<std::size_t>(columns) == 0;
  if (fits) return;
  throw ShapeError(std::string(call) + ": " + std::to_string(length) + " values do not fill a grid of " +
                   std::to_string(rows) + " rows and " + std::to_string(columns) + " columns");
}

void check_names(const std::vector<std::string>& names, int count, const char* what) {
  if (names.empty() || names.size() == static_cast<std::size_t>(count)) return;
  throw ShapeError("heat_map: " + std::to_string(names.size()) + " names for " + std::to_string(count) + " " +
                   what);
}

void check_range(const char* axis, const std::optional<Range>& range, bool logarithmic) {
  if (!range) return;
  const bool usable =
      drawable(range->low, logarithmic) && drawable(range->high, logarithmic) && range->span() > 0;
  if (usable) return;
  throw ValueError("Panel: " + std::string(axis) + " range [" + number(range->low) + ", " +
                   number(range->high) + "] " +
                   (logarithmic ? "does not suit a logarithmic axis" : "is empty or not finite"));
}

template <class T>
std::vector<T> copy(std::span<const T> values) {
  return {values.begin(), values.end()};
}

}  // namespace

Panel::Panel(PanelOptions options) : options_(std::move(options)) {
  check_range("x", options_.x_range, options_.log_x);
  check_range("y", options_.y_range, options_.log_y);
}

Panel& Panel::scatter(std::span<const double> x, std::span<const double> y, std::span<const int> classes,
                      ScatterOptions options) {
  check_length("scatter", "y", y.size(), x.size());
  check_length("scatter", "classes", classes.size(), x.size());
  for (const int index : classes) static_cast<void>(class_color(index));
  marks_.emplace_back(Scatter{copy(x), copy(y), copy(classes), std::move(options)});
  return *this;
}

Panel& Panel::scatter(std::span<const double> x, std::span<const double> y, ScatterOptions options) {
  return scatter(x, y, std::vector<int>(x.size(), 0), std::move(options));
}

Panel& Panel::line(std::span<const double> x, std::span<const double> y, LineOptions options) {
  check_length("line", "y", y.size(), x.size());
  marks_.emplace_back(Line{copy(x), copy(y), std::move(options)});
  return *this;
}

Panel& Panel::regions(std::span<const int> classes, int rows, int columns, RegionsOptions options) {
  check_grid("regions", classes.size(), rows, columns);
  check_range("regions: x", options.x_range, false);
  check_range("regions: y", options.y_range, false);
  for (const int index : classes) static_cast<void>(class_color(index));
  marks_.emplace(marks_.begin(), Regions{copy(classes), rows, columns, options});
  return *this;
}

Panel& Panel::heat_map(std::span<const double> values, int rows, int columns, HeatMapOptions options) {
  check_grid("heat_map", values.size(), rows, columns);
  check_names(options.row_names, rows, "rows");
  check_names(options.column_names, columns, "columns");
  marks_.emplace_back(HeatMap{copy(values), rows, columns, std::move(options)});
  return *this;
}

Panel& Panel::arrow(Point from, Point to, ArrowOptions options) {
  for (const double coordinate : {from.x, from.y, to.x, to.y}) {
    if (!std::isfinite(coordinate)) throw ValueError("arrow: an end of it is not finite");
  }
  marks_.emplace_back(Arrow{from, to, std::move(options)});
  return *this;
}

Panel& Panel::text(Point at, std::string text) {
  if (!std::isfinite(at.x) || !std::isfinite(at.y)) throw ValueError("text: its place is not finite");
  marks_.emplace_back(Text{at, std::move(text)});
  return *this;
}

}  // namespace gradus::plot
