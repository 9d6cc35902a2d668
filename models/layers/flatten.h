#pragma once

#include <gradus/models/data_format.h>
#include <gradus/models/layer.h>

namespace gradus {

struct FlattenOptions {
  DataFormat data_format = {};  // channels_first: as if the channels stood last
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};

// [batch, a, b, ...] -> [batch, a b ...], and [batch] -> [batch, 1].
class Flatten : public Layer {
 public:
  explicit Flatten(FlattenOptions options = {});
  static Flatten from_config(const Config& config);
};

}  // namespace gradus
