#pragma once

#include <gradus/models/layer.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace gradus::testing_data {

// Note [Reference cases of layers]
// tests/models/layers/reference/<family>.json holds, for each case, a layer as Keras describes it, inputs,
// masks and weights, and what PyTorch makes of them in float64: the outputs, and the gradients of their sum
// weighted by cos(0), cos(1), …. The make_*_reference.py beside this file write them.

std::vector<nlohmann::json> reference_rows(const std::string& name);

Tensor reference_tensor(const nlohmann::json& json);  // float64; undefined for null

// The layer of the case in float64, not built.
Layer reference_layer(const nlohmann::json& row);
std::vector<Tensor> reference_tensors(const nlohmann::json& list);
CallOptions reference_options(const nlohmann::json& row);

// Outputs, gradients, shapes without weights, and the same again from the layer's own config.
void expect_case(const nlohmann::json& row);

}  // namespace gradus::testing_data
