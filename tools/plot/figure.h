#pragma once

#include <deque>
#include <filesystem>
#include <string>

#include <gradus/plot/panel.h>

namespace gradus::plot {

struct FigureOptions {
  std::string title = {};
  // In pixels; a PNG has twice as many.
  int width = 900;
  int height = 420;
  // Panels in a row; all of them where it is 0.
  int columns = 0;
  // The panels show one y range, and only the first of a row numbers it.
  bool share_y = false;
  // One legend under the title names what the panels have in common.
  bool share_legend = false;
};

// A picture of one or more panels, drawn by gnuplot.
//
//   Figure figure({.title = "Test points", .share_y = true});
//   figure.panel({.title = "Predicted"}).scatter(x, y, predicted);
//   figure.panel({.title = "Original"}).scatter(x, y, classes);
//   figure.write("out/points");                                     // out/points.svg and out/points.png
//
// The same calls give the same bytes. Texts appear as typed; in titles and captions a newline starts a new
// line.
class Figure {
 public:
  // Throws ValueError for a size outside 100 to 10000 pixels or a negative number of columns.
  explicit Figure(FigureOptions options = {});

  // Adds a panel, row by row. The reference lives as long as the figure.
  Panel& panel(PanelOptions options = {});

  // The picture as SVG text, or as the bytes of a PNG file.
  // Throws ValueError when there is no panel, ProcessError when gnuplot is missing or fails.
  [[nodiscard]] std::string svg() const;
  [[nodiscard]] std::string png() const;

  // Writes `<stem>.svg` and `<stem>.png`, each whole or not at all. Throws as svg does, and FileError.
  void write(const std::filesystem::path& stem) const;

 private:
  FigureOptions options_;
  std::deque<Panel> panels_;
};

}  // namespace gradus::plot
