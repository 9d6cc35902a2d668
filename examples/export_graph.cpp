// The graph of a training step as a picture: writes graph.dot, and graph.svg where Graphviz is installed.

#include <gradus/gradus.h>
#include <gradus/plot/graph_svg.h>

#include <cstdio>

using namespace gradus;

int main() {
  Random random(42);
  const Variable x(random.uniform({64, 784}), {.name = "x"}), y(random.uniform({64, 10}), {.name = "y"});
  const Parameter w("w", glorot_uniform({784, 10}, random)), b("b", Tensor::zeros({10}));
  const Variable loss = mean_squared_error(y, softmax(matmul(x, w) + b));

  const Graph graph(loss);
  write_dot("graph.dot", graph);
  std::printf("graph.dot: %zu nodes\n", graph.size());
  try {
    plot::write_svg(graph, "graph.svg");
    std::printf("graph.svg: its picture\n");
  } catch (const ProcessError& error) {
    std::printf("%s\n", error.what());  // no Graphviz here: the DOT file is written all the same
  }
}
