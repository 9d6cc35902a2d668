// Graphs of a million nodes, built, differentiated, copied, written as DOT and freed. Run under a stack of a
// few hundred KiB: whatever walks a graph by recursion dies here.

#include <gradus/graph/dot.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/graph.h>
#include <gradus/graph/memory.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace gradus;

constexpr std::size_t kNodes = 1000000;
int failures = 0;

void expect(bool holds, const std::string& fact) {
  if (holds) return;
  ++failures;
  std::fprintf(stderr, "FAILED: %s\n", fact.c_str());
}

void expect_equal(double value, double expected, const std::string& what) {
  expect(value == expected, what + " is " + std::to_string(value) + ", not " + std::to_string(expected));
}

// The peak of what graph and gradients take together is under 1 KiB a node.
void expect_small(std::size_t before, std::size_t nodes, const std::string& what) {
  const std::size_t bytes = (memory_stats().peak - before) / nodes;
  std::printf("%s: %zu bytes a node\n", what.c_str(), bytes);
  expect(bytes < 1024, what + " takes " + std::to_string(bytes) + " bytes a node");
}

// Builds a graph over x whose gradient with respect to x is known, and does all that can be done with it.
void check(const std::string& name, double slope, const std::function<Variable(const Parameter&)>& build) {
  const Parameter x("x", Tensor::scalar(1, DType::float64));
  const std::size_t before = memory_stats().in_use;
  reset_peak_memory();
  {
    Variable y = build(x);
    const Variable copy = y;
    const std::vector<Variable> copies(3, y);
    std::size_t nodes = 0;
    {
      const Graph graph(y);
      nodes = graph.size();
      const Graph copied = graph;
      expect_equal(static_cast<double>(copied.size()), static_cast<double>(nodes), name + ": copied nodes");
    }
    expect(nodes >= kNodes, name + " has " + std::to_string(nodes) + " nodes");
    expect_small(before, nodes, name + ", built");
    reset_peak_memory();
    y.backward();
    expect_small(before, nodes, name + ", backward");
    expect_equal(x.grad().item(), slope, name + ": backward");
    expect_equal(gradient(y, x).item(), slope, name + ": gradient");
  }
  x.zero_grad();
  std::move(build(x)).backward();
  expect_equal(x.grad().item(), slope, name + ": consuming backward");
  x.zero_grad();
  expect(memory_stats().in_use <= before + 1024, name + ": all is freed");
}

Variable chain(const Parameter& x) {
  Variable y = x;
  for (std::size_t i = 0; i < kNodes; ++i) y = -y;
  return y;
}

// Every node has two paths to the next: 2^1000000 from end to end.
Variable ladder(const Parameter& x) {
  Variable y = x;
  for (std::size_t i = 0; i < kNodes; ++i) y = maximum(y, y);
  return y;
}

Variable one_leaf_at_every_step(const Parameter& x) {
  Variable y = x;
  for (std::size_t i = 0; i < kNodes; ++i) y = y + x;
  return y;
}

Variable wide_sum(const Parameter& x) {
  std::vector<Operand> terms;
  terms.reserve(kNodes);
  for (std::size_t i = 0; i < kNodes; ++i) terms.emplace_back(reshape(x, {1}));
  return sum(concatenate(terms));
}

void check_recorded_gradient() {
  const Parameter x("x", Tensor::scalar(1, DType::float64));
  const Variable y = chain(x) * x;
  const Variable slope = gradient(y, x, {.create_graph = true});
  expect_equal(slope.item(), 2, "recorded gradient");
  expect_equal(gradient(slope, x).item(), 2, "second derivative");
}

void check_dot() {
  const auto path =
      std::filesystem::temp_directory_path() / ("gradus_deep_graph_" + std::to_string(getpid()) + ".dot");
  const Parameter x("x", Tensor::scalar(1, DType::float64));
  write_dot(path.string(), Graph(chain(x)));
  expect(std::filesystem::file_size(path) > 50 * kNodes, "the DOT file holds every node");
  std::filesystem::remove(path);
}

}  // namespace

int main() {
  check("chain", 1, chain);
  check("ladder", 1, ladder);
  check("one leaf at every step", 1 + static_cast<double>(kNodes), one_leaf_at_every_step);
  check("wide sum", static_cast<double>(kNodes), wide_sum);
  check_recorded_gradient();
  check_dot();
  return failures == 0 ? 0 : 1;
}
