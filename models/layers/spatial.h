#pragma once

#include <gradus/models/data_format.h>
#include <gradus/models/layer.h>
#include <gradus/ops/nn.h>

#include <string_view>

namespace gradus {

// What layers over images of one to three spatial axes share.

// ShapeError unless samples have this many spatial axes and the channels.
void require_image(const Layer::Kind& layer, int axes, DataFormat format, const Shape& sample);
// A sample of an image, with the channels last, and back.
Shape channels_last(const Shape& sample, DataFormat format);
Shape in_format(const Shape& sample, DataFormat format);
// The same for a batch.
Variable channels_last(const Operand& x, DataFormat format);
Variable in_format(Variable y, DataFormat format, const Operand& x);

// Sizes among the options of a layer are less than 2^31, so that a product of two does not overflow.
inline constexpr std::int64_t kMostOfAnOption = (std::int64_t{1} << 31) - 1;

// One number for all spatial axes or one for each: as one for each. ValueError, naming the layer's class and
// the option, for another number of them or one below `least` or above kMostOfAnOption.
Axes for_each_axis(std::string_view owner, std::string_view option, const Axes& given, int axes,
                   std::int64_t least = 1);
// ValueError unless the number is positive, and at most kMostOfAnOption.
std::int64_t positive(std::string_view owner, std::string_view option, std::int64_t number);

struct WindowsOptions {
  Axes strides = {};
  Padding padding = {};
  Axes dilation_rate = 1;
};
// How many positions windows of these extents have over an image of these. All options have one number for
// each axis, save for a dilation rate of 1. ShapeError where a window is larger than a "valid" image.
Dims window_positions(const Layer::Kind& layer, const Dims& image, const Dims& size,
                      const WindowsOptions& options);
// The spatial extents of an image with channels last, and an image of other extents or channels.
Dims spatial_extents(const Shape& image);
Shape image_of(const Dims& extents, std::int64_t channels);

// A layer over images, which computes with the channels last.
class ImageKind : public Layer::Kind {
 public:
  ImageKind(LayerOptions options, int axes, DataFormat format)
      : Kind(std::move(options)), axes_(axes), format_(format) {}

  void build(const Shape& input) final;
  Variable call(const Operand& x, CallOptions options) final;
  Shape output_shape(const Shape& input) final;

 protected:
  int axes() const { return axes_; }
  DataFormat format() const { return format_; }
  virtual void build_image(const Shape& image);  // unless overridden: checks that there is an output shape
  virtual Variable call_image(const Operand& x, const CallOptions& options) = 0;
  virtual Shape image_shape(const Shape& image) = 0;
  // What follows in the format of the layer.
  virtual Variable finish(Variable y, const Operand& /*x*/) { return y; }

 private:
  int axes_;
  DataFormat format_;
};

}  // namespace gradus
