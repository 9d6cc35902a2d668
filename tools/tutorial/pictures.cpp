#include <gradus/tools/tutorial/pictures.h>

#include <algorithm>
#include <utility>

#include <gradus/plot/figure.h>

namespace gradus::tutorial {
namespace {

using plot::class_color;
using plot::Figure;
using plot::kFontSizes;
using plot::Panel;
using plot::PanelOptions;

std::vector<std::string> class_names(const Points& points) {
  std::vector<std::string> names;
  const int highest = points.label.empty() ? -1 : *std::max_element(points.label.begin(), points.label.end());
  for (int i = 0; i <= highest; ++i) names.push_back("class " + std::to_string(i));
  return names;
}

PanelOptions plane(std::string title = {}) {
  return {.title = std::move(title), .x_label = "x\u2080", .y_label = "x\u2081", .equal_aspect = true};
}

plot::RegionsOptions square_of(const Grid& grid) {
  return {.x_range = {-grid.reach, grid.reach}, .y_range = {-grid.reach, grid.reach}};
}

void write_points(const std::filesystem::path& stem, std::string title, const Points& points) {
  Figure figure({.title = std::move(title), .width = 720, .height = 600});
  figure.panel(plane()).scatter(points.x0, points.x1, points.label, {.class_names = class_names(points)});
  figure.write(stem);
}

// first, first + 1, …
std::vector<double> counted(std::size_t count, double first) {
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = first + static_cast<double>(i);
  return numbers;
}

void write_curves(const std::filesystem::path& stem, std::string title, const Curves& curves,
                  bool log_loss = false) {
  const bool two = !curves.accuracy.empty();
  Figure figure(
      {.title = std::move(title), .width = two ? 900 : 680, .height = two ? 400 : 420, .share_legend = true});
  const auto add = [&](const char* name, const std::vector<double>& train,
                       const std::vector<double>& validation, bool logarithmic) {
    const bool dots = train.size() <= 20;
    figure.panel({.title = two ? name : "", .x_label = "epoch", .log_y = logarithmic})
        .line(counted(train.size(), 1), train, {.label = "training", .color = class_color(0), .dots = dots})
        .line(counted(validation.size(), 1), validation,
              {.label = "validation", .color = class_color(4), .dots = dots});
  };
  add("Loss", curves.loss, curves.val_loss, log_loss);
  if (two) add("Accuracy", curves.accuracy, curves.val_accuracy, false);
  figure.write(stem);
}

}  // namespace

Pictures::Pictures(std::filesystem::path folder) : folder_(std::move(folder)) {}

void Pictures::blobs_data(const Points& data) const {
  write_points(stem("blobs_data"), "Four blobs: " + std::to_string(data.x0.size()) + " points", data);
}

void Pictures::blobs_predictions(const Points& test, const std::vector<int>& predicted) const {
  std::size_t right = 0;
  for (std::size_t i = 0; i < std::min(predicted.size(), test.label.size()); ++i) {
    if (predicted[i] == test.label[i]) ++right;
  }
  Figure figure({.title = "Test points: " + std::to_string(right) + " of " + std::to_string(test.x0.size()) +
                          " predicted correctly",
                 .width = 980,
                 .height = 520,
                 .share_y = true,
                 .share_legend = true});
  figure.panel(plane("Predicted"))
      .scatter(test.x0, test.x1, predicted, {.class_names = class_names(test), .radius = 3.8});
  figure.panel(plane("Original"))
      .scatter(test.x0, test.x1, test.label, {.class_names = class_names(test), .radius = 3.8});
  figure.write(stem("blobs_predictions"));
}

void Pictures::blobs_boundary(const Grid& grid, const Points& test) const {
  Figure figure({.title = "Decision regions, and the test points", .width = 680, .height = 720});
  figure.panel(plane())
      .regions(grid.label, grid.side, grid.side, square_of(grid))
      .scatter(test.x0, test.x1, test.label, {.class_names = class_names(test)});
  figure.write(stem("blobs_boundary"));
}

void Pictures::blobs_curves(const Curves& curves) const {
  write_curves(stem("blobs_curves"), "Softmax classifier of four blobs", curves);
}

void Pictures::linear_data(const Points& data) const {
  write_points(stem("linear_data"), "Two blobs: " + std::to_string(data.x0.size()) + " points", data);
}

void Pictures::linear_weights(const LinearMap& layer) const {
  Figure figure({.title = "Weights W", .width = 480, .height = 440});
  figure.panel({.caption = "Rows: inputs; columns: class scores", .equal_aspect = true})
      .heat_map(layer.weights, 2, 2,
                {.row_names = {"x\u2080", "x\u2081"}, .column_names = {"score 0", "score 1"}, .decimals = 4});
  figure.write(stem("linear_weights"));
}

void Pictures::linear_bias(const LinearMap& layer) const {
  Figure figure({.title = "Bias b", .width = 320, .height = 440});
  figure.panel({.equal_aspect = true})
      .heat_map(layer.bias, 2, 1, {.row_names = {"score 0", "score 1"}, .decimals = 4});
  figure.write(stem("linear_bias"));
}

void Pictures::linear_test(const Points& test) const {
  write_points(stem("linear_test"), "Two blobs: the " + std::to_string(test.x0.size()) + " test points",
               test);
}

void Pictures::linear_projection(const Points& test, const LinearMap& layer) const {
  const auto& w = layer.weights;
  const auto& b = layer.bias;
  Points product{{}, {}, test.label};
  Points score{{}, {}, test.label};
  for (std::size_t i = 0; i < test.x0.size(); ++i) {
    product.x0.push_back(test.x0[i] * w[0] + test.x1[i] * w[2]);
    product.x1.push_back(test.x0[i] * w[1] + test.x1[i] * w[3]);
    score.x0.push_back(product.x0.back() + b[0]);
    score.x1.push_back(product.x1.back() + b[1]);
  }
  const auto named = [](const char* what) {
    return std::vector<std::string>{std::string(what) + ", class 0", std::string(what) + ", class 1"};
  };
  // One unit is as long on both axes, so the scores decide how high the picture is.
  double low = 0, high = 0;
  for (const auto* scores : {&product.x1, &score.x1}) {
    for (const double value : *scores) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  const int height = static_cast<int>(std::clamp(200 + 16 * (high - low), 460.0, 1000.0));
  Figure figure({.title = "What the layer does to the test points", .width = 760, .height = height});
  figure
      .panel(
          {.x_label = "score 0", .y_label = "score 1", .x_range = plot::Range{-20, 20}, .equal_aspect = true})
      .scatter(product.x0, product.x1, product.label, {.class_names = named("X\u00B7W"), .pale = 0.62})
      .scatter(score.x0, score.x1, score.label, {.class_names = named("X\u00B7W + b")})
      .arrow({0, 0}, {b[0], b[1]}, {.legend = "bias b"});
  figure.write(stem("linear_projection"));
}

void Pictures::linear_softmax(const Points& probabilities) const {
  Figure figure({.title = "Softmax of the scores", .width = 560, .height = 600});
  PanelOptions options = plane();
  options.caption = "Each point lies on p\u2080 + p\u2081 = 1";
  options.x_label = "p\u2080";
  options.y_label = "p\u2081";
  figure.panel(options).scatter(probabilities.x0, probabilities.x1, probabilities.label,
                                {.class_names = class_names(probabilities), .radius = 4});
  figure.write(stem("linear_softmax"));
}

void Pictures::linear_curves(const Curves& curves) const {
  write_curves(stem("linear_curves"), "Linear classifier of two blobs", curves);
}

void Pictures::regression_data(const Samples& data) const {
  Figure figure({.title = "Regression: y = 1/(1 + e\u02E3) and noise", .width = 760, .height = 460});
  figure.panel({.x_label = "x", .y_label = "y"}).scatter(data.x, data.y);
  figure.write(stem("regression_data"));
}

void Pictures::regression_split(const Samples& train, const Samples& test) const {
  Figure figure({.title = "Training and test points", .width = 760, .height = 460});
  figure.panel({.x_label = "x", .y_label = "y"})
      .scatter(train.x, train.y,
               {.label = "training (" + std::to_string(train.x.size()) + ")",
                .color = class_color(0),
                .pale = 0.4})
      .scatter(test.x, test.y,
               {.label = "test (" + std::to_string(test.x.size()) + ")", .color = class_color(4)});
  figure.write(stem("regression_split"));
}

void Pictures::regression_fit(const Samples& data, const Samples& predicted) const {
  Figure figure({.title = "The function the net has learned", .width = 760, .height = 460});
  figure.panel({.x_label = "x", .y_label = "y"})
      .scatter(data.x, data.y, {.label = "data", .color = class_color(0), .pale = 0.5})
      .line(predicted.x, predicted.y, {.label = "predicted", .color = class_color(4), .width = 3.2});
  figure.write(stem("regression_fit"));
}

void Pictures::regression_curves(const Curves& curves) const {
  write_curves(stem("regression_curves"), "Regression: mean squared error, logarithmic", curves, true);
}

void Pictures::fashion_curves(const Curves& curves) const {
  write_curves(stem("fashion_curves"), "Ten kinds of clothing", curves);
}

void Pictures::fashion_dropout_curves(const Curves& curves) const {
  write_curves(stem("fashion_dropout_curves"), "Ten kinds of clothing, with dropout", curves);
}

void Pictures::optimizers_losses(const std::vector<Curve>& losses) const {
  Figure figure({.title = "Loss of each batch, learning rate 0.01", .width = 900, .height = 520});
  Panel& panel = figure.panel({.x_label = "batch", .y_label = "loss", .log_y = true});
  int color = 0;
  for (const Curve& curve : losses) {
    panel.line(counted(curve.values.size(), 1), curve.values,
               {.label = curve.name, .color = class_color(color++), .width = 1.4});
  }
  figure.write(stem("optimizers_losses"));
}

void Pictures::spiral_regions(const Grid& by_hand, const Grid& by_backward, const Points& data) const {
  Figure figure({.title = "Decision regions after 2000 steps",
                 .width = 980,
                 .height = 560,
                 .share_y = true,
                 .share_legend = true});
  const auto add = [&](const char* title, const Grid& grid) {
    figure.panel(plane(title))
        .regions(grid.label, grid.side, grid.side, square_of(grid))
        .scatter(data.x0, data.x1, data.label, {.class_names = class_names(data)});
  };
  add("By hand: 1 \u2212 tanh(h)\u00B2", by_hand);
  add("By backward: 1 \u2212 h\u00B2", by_backward);
  figure.write(stem("spiral_regions"));
}

void Pictures::spiral_losses(const std::vector<double>& by_hand,
                             const std::vector<double>& by_backward) const {
  Figure figure({.title = "Loss of the spiral's net", .width = 760, .height = 440});
  figure.panel({.x_label = "iteration", .y_label = "loss"})
      .line(counted(by_hand.size(), 0), by_hand,
            {.label = "by hand: 1 \u2212 tanh(h)\u00B2", .color = class_color(4)})
      .line(counted(by_backward.size(), 0), by_backward,
            {.label = "by backward: 1 \u2212 h\u00B2", .color = class_color(0)});
  figure.write(stem("spiral_losses"));
}

}  // namespace gradus::tutorial
