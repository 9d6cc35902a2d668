#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct TimeDistributedOptions {
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};

// A layer of one input and one output at each step on its own, with the same weights:
// [batch, time, ...] -> [batch, time, ...]. A mask [batch, time] is handed on; of a longer one the layer gets
// each step's part.
class TimeDistributed : public Layer {
 public:
  explicit TimeDistributed(const Layer& layer, TimeDistributedOptions options = {});
  static TimeDistributed from_config(const Config& config);
  const Layer& layer() const;
};

}  // namespace gradus
