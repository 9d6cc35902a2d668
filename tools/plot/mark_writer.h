#pragma once

#include <iosfwd>
#include <string>

#include <gradus/plot/canvas.h>
#include <gradus/plot/layout.h>

namespace gradus::plot {

// Writes the commands that draw a panel's marks, each visited in turn: those that hold many points become
// data blocks and terms of one plot command, the others labels, arrows and rectangles.
class MarkWriter {
 public:
  MarkWriter(std::ostream& out, Canvas& canvas, const Panel& panel, const PanelLayout& layout)
      : out_(out), canvas_(canvas), options_(panel.options()), layout_(layout) {}

  void operator()(const Scatter& mark);
  void operator()(const Line& mark);
  void operator()(const Regions& mark);
  void operator()(const HeatMap& mark);
  void operator()(const Arrow& mark);
  void operator()(const Text& mark);

  // Writes the plot command, after the last mark.
  void plot();

 private:
  [[nodiscard]] Point beyond(Point head, Point ahead, const std::string& label) const;
  // Whether the axes have a place for it.
  [[nodiscard]] bool shown(Point point) const;
  void begin_block();
  // Ends the block and plots it as `how` says.
  void end_block(const std::string& how);
  // Plots the last block once more.
  void repeat_block(const std::string& how);

  std::ostream& out_;
  Canvas& canvas_;
  const PanelOptions& options_;
  const PanelLayout& layout_;
  std::string block_;
  std::string terms_;
};

}  // namespace gradus::plot
