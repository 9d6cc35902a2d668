#pragma once

#include <gradus/models/layer.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// What a model does to the layers in it, and to itself as a layer, and nobody else may.
class LayerAccess {
 public:
  // The names in a model, which differ.
  class Names {
   public:
    explicit Names(const std::vector<Layer>& layers = {});
    // Gives a layer that joins the others its name: the first free one of its class, unless its own was
    // given. ValueError for one that is taken; `call` and `model` are for its text.
    void claim(const Layer& layer, std::string_view call, std::string_view model);
    // Whether a layer's name cannot change: it was given, or another model calls the layer by it.
    static bool fixed(const Layer& layer) { return layer.kind().name_given_ || layer.kind().in_model_; }

   private:
    std::set<std::string, std::less<>> taken_;
    std::map<std::string, int, std::less<>> next_;  // the number to try next behind a class's name
  };
  static void set_name(const Layer& layer, std::string name) { layer.kind().name_ = std::move(name); }
  static void set_in_model(const Layer& layer) { layer.kind().in_model_ = true; }

  // A call of a built layer with masks, in the layer's scope.
  static std::vector<Masked> call(const Layer& layer, const std::vector<Operand>& inputs,
                                  const CallOptions& options);

  // Whether `kind` is the layer, or somewhere inside it.
  static bool reaches(const Layer& layer, const Layer::Kind& kind);

  static void set_dtype(Layer::Kind& model, DType dtype) { model.dtype_ = dtype; }
  static void build_once(Layer::Kind& model, const std::vector<Shape>& inputs) { model.build_once(inputs); }
  static void forget_shape(Layer::Kind& model) {
    model.built_ = false;
    model.input_shape_ = {};
  }
};

}  // namespace gradus
