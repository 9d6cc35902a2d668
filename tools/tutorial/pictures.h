#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace gradus::tutorial {

// Points of the plane; `label` holds their classes, or stays empty.
struct Points {
  std::vector<double> x0 = {};
  std::vector<double> x1 = {};
  std::vector<int> label = {};
};

// Samples of a function of one variable.
struct Samples {
  std::vector<double> x = {};
  std::vector<double> y = {};
};

// One value an epoch; the accuracies stay empty where none was measured.
struct Curves {
  std::vector<double> loss = {};
  std::vector<double> val_loss = {};
  std::vector<double> accuracy = {};
  std::vector<double> val_accuracy = {};
};

// A layer of two inputs and two outputs: x W + b for a row x. `weights` is row by row.
struct LinearMap {
  std::array<double, 4> weights = {1, 0, 0, 1};
  std::array<double, 2> bias = {0, 0};
};

// Classes predicted at the points of a square grid on [-reach, reach]^2: row by row, x0 fastest, the lowest
// x1 first.
struct Grid {
  std::vector<int> label = {};
  int side = 100;
  double reach = 20;
};

// One value a step, of what is named.
struct Curve {
  std::string name = {};
  std::vector<double> values = {};
};

// The tutorial's pictures. Each call writes `<name>.svg` and `<name>.png` into `folder`, which must exist,
// and throws as plot::Figure does: ShapeError, ProcessError (no gnuplot), FileError.
class Pictures {
 public:
  explicit Pictures(std::filesystem::path folder);

  // blobs_data, blobs_predictions (`predicted` has one class for each test point), blobs_boundary,
  // blobs_curves.
  void blobs_data(const Points& data) const;
  void blobs_predictions(const Points& test, const std::vector<int>& predicted) const;
  void blobs_boundary(const Grid& grid, const Points& test) const;
  void blobs_curves(const Curves& curves) const;

  // linear_data, linear_weights, linear_bias, linear_test, linear_projection, linear_softmax (the two
  // probabilities of each test point as its coordinates), linear_transforms, linear_curves.
  void linear_data(const Points& data) const;
  void linear_weights(const LinearMap& layer) const;
  void linear_bias(const LinearMap& layer) const;
  void linear_test(const Points& test) const;
  void linear_projection(const Points& test, const LinearMap& layer) const;
  void linear_softmax(const Points& probabilities) const;
  void linear_transforms() const;
  void linear_curves(const Curves& curves) const;

  // regression_data, regression_split, regression_fit (`predicted` in the order of its x), regression_curves.
  void regression_data(const Samples& data) const;
  void regression_split(const Samples& train, const Samples& test) const;
  void regression_fit(const Samples& data, const Samples& predicted) const;
  void regression_curves(const Curves& curves) const;

  // fashion_curves, fashion_dropout_curves.
  void fashion_curves(const Curves& curves) const;
  void fashion_dropout_curves(const Curves& curves) const;

  // optimizers_losses: a curve for each optimizer.
  void optimizers_losses(const std::vector<Curve>& losses) const;

  // spiral_regions (of the two nets), spiral_losses.
  void spiral_regions(const Grid& by_hand, const Grid& by_backward, const Points& data) const;
  void spiral_losses(const std::vector<double>& by_hand, const std::vector<double>& by_backward) const;

 private:
  [[nodiscard]] std::filesystem::path stem(const char* name) const { return folder_ / name; }

  std::filesystem::path folder_;
};

}  // namespace gradus::tutorial
