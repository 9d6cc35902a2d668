#pragma once

#include <gradus/graph/tensor.h>

#include <string>
#include <vector>

namespace gradus::testing_data {

// Note [Reference cases of layers]
// tests/models/layers/reference/<family>.json holds, for each case, a layer as Keras describes it, inputs,
// masks and weights, and what PyTorch makes of them in float64: the outputs, and the gradients of their sum
// weighted by cos(0), cos(1), …. The make_*_reference.py beside this file write them.

// Outputs, gradients, shapes without weights, and the same again from the layer's own config, for each case.
void expect_cases(const std::string& name);

// A net's data, its weights at first and its loss in each step, of tests/models/reference/torch_rnn.json.
struct Curve {
  Tensor x;
  Tensor y;
  std::vector<Tensor> weights;
  std::vector<double> losses;
};
Curve reference_curve(const std::string& name);

}  // namespace gradus::testing_data
