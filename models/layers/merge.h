#pragma once

#include <gradus/models/layer.h>
#include <gradus/models/symbol.h>

namespace gradus {

// Layers of several inputs: `Add()({a, b})`. Elementwise ones broadcast as NumPy does; an input of a lower
// rank has its axes right behind the batch's added to. ShapeError for inputs that do not fit, ValueError for
// fewer than two (Concatenate: for none).
class Add : public Layer {
 public:
  explicit Add(LayerOptions options = {});
  static Add from_config(const Config& config);
};
class Subtract : public Layer {  // of two inputs, the first minus the second
 public:
  explicit Subtract(LayerOptions options = {});
  static Subtract from_config(const Config& config);
};
class Multiply : public Layer {
 public:
  explicit Multiply(LayerOptions options = {});
  static Multiply from_config(const Config& config);
};
class Average : public Layer {
 public:
  explicit Average(LayerOptions options = {});
  static Average from_config(const Config& config);
};
class Maximum : public Layer {
 public:
  explicit Maximum(LayerOptions options = {});
  static Maximum from_config(const Config& config);
};
class Minimum : public Layer {
 public:
  explicit Minimum(LayerOptions options = {});
  static Minimum from_config(const Config& config);
};

struct ConcatenateLayerOptions {
  std::int64_t axis = -1;  // counted with the batch's, which is 0 and not to be joined
  std::string name = {};
};
class Concatenate : public Layer {
 public:
  explicit Concatenate(ConcatenateLayerOptions options = {});
  static Concatenate from_config(const Config& config);
};

struct DotLayerOptions {
  bool normalize = false;  // along the axes first: the result is the cosine of an angle
  std::string name = {};
};
// The sum over an axis of each of two inputs, sample by sample: the result has the other axes of the first,
// then those of the second. One axis stands for both; they count with the batch's.
class Dot : public Layer {
 public:
  explicit Dot(const Axes& axes, DotLayerOptions options = {});
  static Dot from_config(const Config& config);
};

}  // namespace gradus
