#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct BidirectionalOptions {
  std::string merge_mode = "concat";  // or "sum", "mul", "ave", "none": two outputs
  std::optional<Layer> backward_layer = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};

// A recurrent layer over the steps in both directions: the outputs of the two runs, those of the backward one
// in the order of time again, are merged. Steps that are masked give zeros in sequences.
// The two are made after `layer`, without its weights: "forward_lstm" and "backward_lstm". Where a
// backward_layer is given, both are used themselves; it must run the other way and return as much.
// Inputs and outputs are those of `layer`, with the states of the forward run before the others:
// {output, h, c, h, c}. ValueError for a layer that is not recurrent, or a merge_mode that is none.
class Bidirectional : public Layer {
 public:
  explicit Bidirectional(const Layer& layer, BidirectionalOptions options = {});
  static Bidirectional from_config(const Config& config);

  const Layer& forward_layer() const;
  const Layer& backward_layer() const;
  // The next batch starts from zeros. StateError unless the layers are stateful.
  void reset_state() const;
};

}  // namespace gradus
