#pragma once

#include <gradus/graph/tensor.h>

#include <string_view>
#include <vector>

namespace gradus {

// Labels and predictions of one shape, value by value, with a weight for each.
struct Labelled {
  Shape shape;
  std::vector<double> y_true, y_pred, weight;
};

// The two with ranks that differ by a trailing axis of extent 1 brought together. `name` begins the text of
// the ShapeError where they, or the weights, do not fit.
Labelled labelled(std::string_view name, const Tensor& y_true, const Tensor& y_pred,
                  const Tensor& sample_weight);

[[noreturn]] void refuse_shapes(std::string_view name, const Tensor& y_true, const Tensor& y_pred);

}  // namespace gradus
