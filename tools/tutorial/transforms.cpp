// The side story of the linear classifier: what 2x2 matrices do to the unit circle and to a parabola.
#include <gradus/tools/tutorial/pictures.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include <gradus/plot/figure.h>

namespace gradus::tutorial {
namespace {

using plot::class_color;
using plot::Figure;
using plot::Panel;
using plot::Point;

// A column vector v goes to A v + bias, as in the text: A is (a b; c d).
struct Transform {
  std::string title;
  double a, b, c, d;
  std::string caption = {};
  Point bias = {};

  [[nodiscard]] Point apply(Point p) const {
    return {a * p.x + b * p.y + bias.x, c * p.x + d * p.y + bias.y};
  }
};

struct Eigen2 {
  double value;
  Point direction;  // of length one
};

std::string plain(double value) {
  std::string text = std::abs(value - std::round(value)) < 1e-12 ? std::to_string(std::lround(value)) : "";
  if (text.empty()) {
    text = std::to_string(std::round(value * 100) / 100);
    text.resize(text.find('.') + 3);
  }
  return value < 0 ? "\u2212" + text.substr(1) : text;
}

// The roots of t^2 - (a + d) t + (a d - b c), and what (A - t) sends to zero; nothing where the roots are
// complex.
std::optional<std::pair<Eigen2, Eigen2>> eigenvectors(const Transform& map) {
  const double half_trace = (map.a + map.d) / 2;
  const double squared = half_trace * half_trace - (map.a * map.d - map.b * map.c);
  if (squared < 0) return std::nullopt;
  const auto of_value = [&](double value, Point fallback) {
    // (A - t) v = 0: v is at right angles to each row that is not zero.
    Point v{map.b, value - map.a};
    if (std::hypot(v.x, v.y) < 1e-12) v = {value - map.d, map.c};
    if (std::hypot(v.x, v.y) < 1e-12) v = fallback;
    const double length = std::copysign(std::hypot(v.x, v.y), v.x == 0 ? v.y : v.x);
    return Eigen2{value, {v.x / length, v.y / length}};
  };
  const double root = std::sqrt(squared);
  return std::pair{of_value(half_trace + root, {1, 0}), of_value(half_trace - root, {0, 1})};
}

struct Curve {
  std::vector<double> x = {};
  std::vector<double> y = {};
};

template <class F>
Curve trace(double from, double to, F point) {
  static constexpr int kSteps = 240;
  Curve curve;
  for (int i = 0; i <= kSteps; ++i) {
    const Point p = point(from + (to - from) * i / kSteps);
    curve.x.push_back(p.x);
    curve.y.push_back(p.y);
  }
  return curve;
}

double reach(const Curve& curve) {
  double farthest = 0;
  for (std::size_t i = 0; i < curve.x.size(); ++i)
    farthest = std::max(farthest, std::hypot(curve.x[i], curve.y[i]));
  return farthest;
}

void draw(Figure& figure, const Transform& map) {
  const auto circle = [](double t) { return Point{std::cos(t), std::sin(t)}; };
  const auto parabola = [](double t) { return Point{t, t * t}; };
  const auto image = [&](auto shape) { return [&map, shape](double t) { return map.apply(shape(t)); }; };
  const auto vectors = eigenvectors(map);
  Panel& panel = figure.panel({.title = map.title,
                               .caption = vectors ? map.caption : "Complex eigenvectors: none drawn",
                               .equal_aspect = true});
  const double turn = 2 * std::numbers::pi;
  const Curve circle_before = trace(0, turn, circle);
  const Curve circle_after = trace(0, turn, image(circle));
  const Curve parabola_before = trace(-1.5, 1.5, parabola);
  const Curve parabola_after = trace(-1.5, 1.5, image(parabola));
  panel.line(circle_before.x, circle_before.y,
             {.label = "circle", .color = class_color(0), .width = 1.6, .dashed = true});
  panel.line(parabola_before.x, parabola_before.y,
             {.label = "parabola", .color = class_color(1), .width = 1.6, .dashed = true});
  panel.line(circle_after.x, circle_after.y,
             {.label = "image of the circle", .color = class_color(0), .width = 2.4});
  panel.line(parabola_after.x, parabola_after.y,
             {.label = "image of the parabola", .color = class_color(1), .width = 2.4});
  if (vectors) {
    // Only their direction means anything: they are drawn as long as shows well.
    const double length = 0.5 * reach(parabola_after);
    for (const Eigen2& vector : {vectors->first, vectors->second}) {
      panel.arrow(
          {0, 0}, {length * vector.direction.x, length * vector.direction.y},
          {.label = "\u03BB = " + plain(vector.value), .legend = "eigenvector", .color = class_color(2)});
    }
  }
  if (map.bias.x != 0 || map.bias.y != 0) {
    panel.arrow({0, 0}, map.bias, {.label = "b", .legend = "bias", .color = class_color(4)});
  }
}

}  // namespace

void Pictures::linear_transforms() const {
  const double half = std::numbers::sqrt2 / 2;
  Figure figure({.title = "What 2\u00D72 matrices do to a circle and a parabola",
                 .width = 1080,
                 .height = 860,
                 .columns = 3,
                 .share_legend = true});
  for (const Transform& map :
       {Transform{"Rotation by \u03C0/4", half, -half, half, half},
        Transform{"(2 0; 0 1)", 2, 0, 0, 1, "Stretches x"},
        Transform{"(6 2; 3 2)", 6, 2, 3, 2, "Stretches most along one eigenvector"},
        Transform{"(6 2; 3 2) and b = (0, 4)", 6, 2, 3, 2, "The bias moves the image", {0, 4}},
        Transform{"(3 2; 3 2)", 3, 2, 3, 2, "Singular: everything falls on a line"},
        Transform{"(\u22126 \u22122; 3 2)", -6, -2, 3, 2, "\u03BB < 0: that direction is flipped"}}) {
    draw(figure, map);
  }
  figure.write(stem("linear_transforms"));
}

}  // namespace gradus::tutorial
