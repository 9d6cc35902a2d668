#pragma once

#include <gradus/models/data_format.h>
#include <gradus/models/layer.h>
#include <gradus/ops/shape.h>

#include <array>

namespace gradus {

// What is added or cut at the borders of an image: `1` on all sides, `{1, 2}` above and below and at the
// sides, or `{{1, 2}, {3, 4}}`: {above, below}, {left, right}.
class Borders {
 public:
  template <std::integral I>
  Borders(I all) : Borders({all, all}) {}           // NOLINT: implicit on purpose
  Borders(std::initializer_list<Dim> each);         // NOLINT: ValueError unless there are two
  Borders(std::initializer_list<PadWidth> widths);  // NOLINT: the same
  explicit Borders(std::array<PadWidth, 2> widths) : widths_(widths) {}
  const std::array<PadWidth, 2>& widths() const { return widths_; }

 private:
  std::array<PadWidth, 2> widths_ = {};
};

// Layers that add zeros around images, or cut their borders. ValueError for a negative number; ShapeError
// where nothing would be left.

struct ZeroPadding1DOptions {
  Axes padding = 1;  // at both ends, or {before, after}
  DataFormat data_format = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
class ZeroPadding1D : public Layer {  // [batch, steps, channels]
 public:
  explicit ZeroPadding1D(ZeroPadding1DOptions options = {});
  static ZeroPadding1D from_config(const Config& config);
};
struct ZeroPadding2DOptions {
  Borders padding = 1;
  DataFormat data_format = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
class ZeroPadding2D : public Layer {  // [batch, height, width, channels]
 public:
  explicit ZeroPadding2D(ZeroPadding2DOptions options = {});
  static ZeroPadding2D from_config(const Config& config);
};

struct Cropping1DOptions {
  Axes cropping = 1;  // at both ends, or {before, after}
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
class Cropping1D : public Layer {
 public:
  explicit Cropping1D(Cropping1DOptions options = {});
  static Cropping1D from_config(const Config& config);
};
struct Cropping2DOptions {
  Borders cropping = 0;
  DataFormat data_format = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
class Cropping2D : public Layer {
 public:
  explicit Cropping2D(Cropping2DOptions options = {});
  static Cropping2D from_config(const Config& config);
};

}  // namespace gradus
