#pragma once

#include <gradus/models/layer.h>

#include <vector>

namespace gradus {

// What a model does to the layers in it, and to itself as a layer, and nobody else may.
class LayersOfModel {
 public:
  // Gives a layer that is to join `others` its name: the first free one of its class, unless its own was
  // given. ValueError for one that is taken; `call` and `model` are for its text.
  static void claim_name(const Layer& layer, const std::vector<Layer>& others, std::string_view call,
                         std::string_view model);
  static void set_name(const Layer& layer, std::string name) { layer.kind().name_ = std::move(name); }
  static void set_in_model(const Layer& layer) { layer.kind().in_model_ = true; }

  // A call of a built layer with masks, in the layer's scope.
  static std::vector<Masked> call(const Layer& layer, const std::vector<Operand>& inputs,
                                  const CallOptions& options);

  static void set_dtype(Layer::Kind& model, DType dtype) { model.dtype_ = dtype; }
  static void build_once(Layer::Kind& model, const std::vector<Shape>& inputs) { model.build_once(inputs); }
  static void forget_shape(Layer::Kind& model) {
    model.built_ = false;
    model.input_shape_ = {};
  }
};

}  // namespace gradus
