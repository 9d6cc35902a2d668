#pragma once

#include <deque>
#include <string>
#include <vector>

#include <gradus/plot/figure.h>
#include <gradus/plot/legend.h>

namespace gradus::plot {

// Pixels from the top left corner of the figure.
struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;

  [[nodiscard]] double width() const { return right - left; }
  [[nodiscard]] double height() const { return bottom - top; }
};

// Where a panel's axes stand and what they show.
struct PanelLayout {
  Box axes = {};
  Range x = {};
  Range y = {};
  std::vector<Tick> x_ticks = {};
  std::vector<Tick> y_ticks = {};
  // Axes that name the rows and columns of a heat map.
  bool table = false;
  // False where the first panel of the row numbers the shared axis.
  bool y_numbers = true;
  std::vector<LegendEntry> legend = {};

  // The pixel at which a point of the data stands.
  [[nodiscard]] Point pixel(Point point, const PanelOptions& options) const;
};

struct FigureLayout {
  std::vector<PanelLayout> panels = {};
  // One legend for all panels, under the figure's title; empty where each has its own.
  std::vector<LegendEntry> legend = {};
};

inline constexpr double kMargin = 14;
inline constexpr double kFigureTitleHeight = 27;
inline constexpr double kTitleHeight = 22;
inline constexpr double kCaptionHeight = 17;
inline constexpr double kLegendHeight = 21;
inline constexpr double kHeaderGap = 6;
inline constexpr double kTickGap = 8;

// The widest label among ticks, in pixels.
[[nodiscard]] double widest_label(const std::vector<Tick>& ticks);

// Sets all panels of a figure: axes of one row stand at one height, and those of all columns have one width.
[[nodiscard]] FigureLayout lay_out(const FigureOptions& options, const std::deque<Panel>& panels);

}  // namespace gradus::plot
