#pragma once

#include <iosfwd>
#include <string>

#include <gradus/plot/layout.h>

namespace gradus::plot {

enum class Align { kLeft, kCenter, kRight };

struct TextStyle {
  double size = 12;
  Color color = kInk;
  bool bold = false;
  Align align = Align::kLeft;
  bool upwards = false;
  // A translucent white plate under the text, for texts that stand among data.
  bool plate = false;
};

// The outline of a point.
[[nodiscard]] Color outline_of(Color fill);

// Writes gnuplot commands for shapes and texts placed in pixels from the figure's top left corner.
class Canvas {
 public:
  Canvas(std::ostream& out, double width, double height) : out_(out), width_(width), height_(height) {}

  // gnuplot's size of a disc of this radius: its unit is a disc of 4.5 pixels.
  [[nodiscard]] static double point_size(double radius) { return radius / 4.5; }
  // A number no data block has had.
  [[nodiscard]] int next_block() { return ++blocks_; }

  void margins(const Box& axes);
  void text(Point at, const std::string& text, const TextStyle& style);
  void rectangle(const Box& box, Color fill);
  void arrow(Point from, Point to, Color color, double width);
  void line(Point from, Point to, Color color, bool dashed);
  void disc(Point centre, double radius, Color color);
  // The sample and the label, `origin` being the middle of the row's left edge.
  void legend_entry(const LegendEntry& entry, Point origin);

 private:
  // A point as fractions of the screen, from the bottom left, as gnuplot wants it.
  [[nodiscard]] std::string place(Point point) const;

  std::ostream& out_;
  double width_;
  double height_;
  int blocks_ = 0;
};

}  // namespace gradus::plot
