// How cost grows: a chain of 10^3 to 10^6 nodes, a batch of 1 to 4096 rows, a layer 16 to 4096 wide, each
// built, differentiated and freed on one thread. What one unit costs should level off; what it may not do is
// grow.
//   growth [STEM]   writes STEM.svg and STEM.png, out/bench/growth where none is given
#include <gradus/graph/gradients.h>
#include <gradus/graph/parallel.h>
#include <gradus/graph/random.h>
#include <gradus/graph/variable.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/plot/figure.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace gradus;

constexpr double kSeconds = 0.02;  // of one measurement
constexpr int kMeasurements = 5;

// Of the processor, as others may have the machine too.
double time_of(const std::function<void()>& step, int count) {
  const std::clock_t start = std::clock();
  for (int i = 0; i < count; ++i) step();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / count;
}

// Nanoseconds of a step: the median.
double measure(const std::function<void()>& step) {
  const double once = std::min(time_of(step, 1), time_of(step, 1));
  const int count = std::clamp(static_cast<int>(kSeconds / std::max(once, 1e-6)), 1, 100000);
  std::vector<double> times;
  for (int i = 0; i < kMeasurements; ++i) times.push_back(time_of(step, count));
  std::sort(times.begin(), times.end());
  return times[times.size() / 2] * 1e9;
}

// A quantity that grows, and what a step costs at each of its values.
struct Growth {
  std::string title, x_label, unit;
  std::function<double(double x)> units;  // of work in one step
  std::vector<double> x = {}, nanoseconds = {};

  double per_unit(std::size_t i) const { return nanoseconds[i] / units(x[i]); }
};

// x + x + ..: a chain of dependent adds of 4x4 tensors.
void chain(Growth& growth) {
  const Parameter x("x", Tensor::ones({4, 4}));
  const Tensor seed = Tensor::ones({4, 4});
  for (const std::int64_t length : {1000, 10000, 100000, 1000000}) {
    growth.x.push_back(static_cast<double>(length));
    growth.nanoseconds.push_back(measure([&] {
      Variable y = x;
      for (std::int64_t i = 0; i < length; ++i) y = add(y, x);
      gradients(y, x, {.seeds = Variable(seed)});
    }));
  }
}

// A step of a small classifier, forward and backward.
struct Net {
  Net(std::int64_t batch, std::int64_t in, std::int64_t hidden, std::int64_t out)
      : x(random.uniform({batch, in})),
        y(Tensor::zeros({batch}, DType::int64)),
        w1("w1", random.normal({in, hidden}, {.stddev = 0.05})),
        w2("w2", random.normal({hidden, out}, {.stddev = 0.05})),
        b1("b1", Tensor::zeros({hidden})),
        b2("b2", Tensor::zeros({out})) {}

  void step() {
    const Variable logits = dense(relu(dense(x, w1, b1)), w2, b2);
    const Variable loss = sparse_categorical_crossentropy(y, logits, {.from_logits = true});
    gradients({loss}, {w1, b1, w2, b2});
  }

  Random random{1};
  Tensor x, y;
  Parameter w1, w2, b1, b2;
};

void batches(Growth& growth) {
  for (std::int64_t batch = 1; batch <= 4096; batch *= 4) {
    Net net(batch, 64, 64, 10);
    growth.x.push_back(static_cast<double>(batch));
    growth.nanoseconds.push_back(measure([&] { net.step(); }));
  }
}

constexpr std::int64_t kWideBatch = 16;

void widths(Growth& growth) {
  for (std::int64_t width = 16; width <= 4096; width *= 4) {
    Net net(kWideBatch, width, width, 10);
    growth.x.push_back(static_cast<double>(width));
    growth.nanoseconds.push_back(measure([&] { net.step(); }));
  }
}

// How many times as much a step costs for each tenfold of the work: 1 is linear, less is better.
double last_exponent(const Growth& growth) {
  const std::size_t n = growth.x.size();
  return std::log(growth.nanoseconds[n - 1] / growth.nanoseconds[n - 2]) /
         std::log(growth.units(growth.x[n - 1]) / growth.units(growth.x[n - 2]));
}

void print(const Growth& growth) {
  std::printf("\n%s\n%12s %16s %18s\n", growth.title.c_str(), growth.x_label.c_str(), "us a step",
              ("ns " + growth.unit).c_str());
  for (std::size_t i = 0; i < growth.x.size(); ++i) {
    std::printf("%12.0f %16.1f %18.3f\n", growth.x[i], growth.nanoseconds[i] * 1e-3, growth.per_unit(i));
  }
  std::printf("cost grows as the work to the power of %.2f between the last two\n", last_exponent(growth));
}

void draw(plot::Figure& figure, const Growth& growth) {
  std::vector<double> cost, linear;
  const double last = growth.per_unit(growth.x.size() - 1);
  for (std::size_t i = 0; i < growth.x.size(); ++i) {
    cost.push_back(growth.nanoseconds[i] * 1e-3);
    linear.push_back(last * growth.units(growth.x[i]) * 1e-3);
  }
  char caption[64];
  std::snprintf(caption, sizeof caption, "%.3g ns %s at the end", last, growth.unit.c_str());
  figure
      .panel({.title = growth.title,
              .caption = caption,
              .x_label = growth.x_label,
              .y_label = "\u00B5s a step",
              .log_x = true,
              .log_y = true})
      .line(growth.x, linear, {.label = "linear in the work", .color = plot::class_color(1), .dashed = true})
      .line(growth.x, cost, {.label = "measured", .dots = true});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
    std::fprintf(stderr, "usage: growth [STEM]\n");
    return 2;
  }
  try {
    set_num_threads(1);
    const std::filesystem::path stem = argc == 2 ? argv[1] : "out/bench/growth";
    std::vector<Growth> all = {
        {"Chain of adds, 4\u00D74", "nodes", "a node", [](double x) { return x; }},
        {"Batch of a 64-64-10 net", "rows", "a sample", [](double x) { return x; }},
        {"Width n of an n-n-10 net, batch 16", "width", "a multiply-add",
         // of the products on the way forth and for the weights and, but for the first, the inputs back
         [](double n) { return static_cast<double>(kWideBatch) * (2 * n * n + 3 * 10 * n); }}};
    chain(all[0]);
    batches(all[1]);
    widths(all[2]);
    plot::Figure figure(
        {.title = "How cost grows, one thread", .width = 1200, .height = 440, .share_legend = true});
    for (const Growth& growth : all) {
      print(growth);
      draw(figure, growth);
    }
    if (stem.has_parent_path()) std::filesystem::create_directories(stem.parent_path());
    figure.write(stem);
    std::printf("\n%s.svg, .png\n", stem.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "growth: %s\n", error.what());
    return 1;
  }
}
