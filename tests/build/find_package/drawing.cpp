#include <gradus/plot/figure.h>

#include <vector>

int main() {
  const std::vector<double> x{0, 1, 2}, y{1, 3, 2};
  gradus::plot::Figure figure({.title = "A line"});
  figure.panel({.x_label = "x"}).line(x, y);
  return figure.panel().marks().empty() ? 0 : 1;
}
