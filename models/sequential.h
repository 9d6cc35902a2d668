#pragma once

#include <gradus/models/model.h>

#include <initializer_list>

namespace gradus {

// A model whose layers follow one another:
//   Sequential model({.seed = 7});
//   model.add(Dense(4, {.activation = "softmax", .input_dim = 2}));
// The weights are made as soon as the input shape is known: from the first layer's input_shape or input_dim,
// from `build`, or at the first fit. Layers without a name of their own are called after their class: dense,
// dense_1.
class Sequential : public Model {
 public:
  Sequential();
  explicit Sequential(ModelOptions options);
  // A list that holds nothing but one Sequential is that Sequential, unless options are given too.
  Sequential(std::initializer_list<Layer> layers, ModelOptions options = {});

  // Adds a layer at the end; after compile or fit too: the optimizer's state then starts afresh. ValueError
  // for a name that is taken, a layer that is in the model already (its weights would be counted twice), or
  // one that holds this model.
  void add(const Layer& layer) const;
  // Takes off the last layer. StateError when there is none.
  void pop() const;

  // The model that `get_config` described, with new weights, built where the described one was.
  static Sequential from_config(const Config& config);
};

}  // namespace gradus
