#include <gradus/graph/error.h>
#include <gradus/models/layers/sample_axes.h>
#include <gradus/models/layers/spatial.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <array>

namespace gradus {

void require_image(const Layer::Kind& layer, int axes, DataFormat format, const Shape& sample) {
  constexpr std::array<std::string_view, 3> kLast = {"[steps, channels]", "[height, width, channels]",
                                                     "[depth, height, width, channels]"};
  constexpr std::array<std::string_view, 3> kFirst = {"[channels, steps]", "[channels, height, width]",
                                                      "[channels, depth, height, width]"};
  const auto place = static_cast<std::size_t>(axes - 1);
  require_rank(layer, axes + 1, format == DataFormat::channels_last ? kLast[place] : kFirst[place], sample);
}

Shape channels_last(const Shape& sample, DataFormat format) {
  if (format == DataFormat::channels_last) return sample;
  Dims dims = sample.dims();
  std::rotate(dims.begin(), dims.begin() + 1, dims.end());
  return Shape(std::move(dims));
}

Shape in_format(const Shape& sample, DataFormat format) {
  if (format == DataFormat::channels_last) return sample;
  Dims dims = sample.dims();
  std::rotate(dims.begin(), dims.end() - 1, dims.end());
  return Shape(std::move(dims));
}

Variable channels_last(const Operand& x, DataFormat format) {
  return format == DataFormat::channels_last ? x.variable() : moveaxis(x, 1, -1);
}

Variable in_format(Variable y, DataFormat format, const Operand& x) {
  if (format == DataFormat::channels_last || y.rank() < 3) return y;
  return moveaxis(Operand(std::move(y), x.where()), -1, 1);
}

Axes for_each_axis(std::string_view owner, std::string_view option, const Axes& given, int axes,
                   std::int64_t least) {
  const auto count = static_cast<std::size_t>(axes);
  const bool fits = given.size() == 1 || given.size() == count;
  const auto any = [&](auto bad) { return std::any_of(given.begin(), given.end(), bad); };
  const bool large = any([](std::int64_t each) { return each > kMostOfAnOption; });
  if (!fits || large || any([&](std::int64_t each) { return each < least; })) {
    throw ValueError(std::string(owner) + ": " + std::string(option) + " must be one number" +
                     (axes > 1 ? " or " + std::to_string(axes) : "") + ", at least " + std::to_string(least) +
                     (large ? " and less than 2147483648" : "") + ", got " + to_string(given));
  }
  return given.size() == count ? given : Axes(count, given[0]);
}

std::int64_t positive(std::string_view owner, std::string_view option, std::int64_t number) {
  if (number > 0 && number <= kMostOfAnOption) return number;
  throw ValueError(std::string(owner) + ": " + std::string(option) + " must be positive" +
                   (number > 0 ? " and less than 2147483648" : "") + ", got " + std::to_string(number));
}

Dims window_positions(const Layer::Kind& layer, const Dims& image, const Dims& size,
                      const WindowsOptions& options) {
  Dims positions = image;
  for (std::size_t i = 0; i < image.size(); ++i) {
    const std::int64_t dilation = options.dilation_rate[options.dilation_rate.size() == 1 ? 0 : i];
    const std::int64_t reach = (size[i] - 1) * dilation + 1, stride = options.strides[i];
    if (options.padding == Padding::same) {
      positions[i] = (image[i] + stride - 1) / stride;
    } else if (reach > image[i]) {
      throw ShapeError(layer.name() + ": the window " + to_string(size) + " of " + layer.class_name() +
                       (dilation > 1 ? " with dilation_rate " + to_string(options.dilation_rate) : "") +
                       " is larger than the image " + to_string(image));
    } else {
      positions[i] = (image[i] - reach) / stride + 1;
    }
  }
  return positions;
}

Dims spatial_extents(const Shape& image) {
  return Dims(std::span(image.begin(), static_cast<std::size_t>(image.rank() - 1)));
}

Shape image_of(const Dims& extents, std::int64_t channels) {
  std::vector<std::int64_t> dims(extents.begin(), extents.end());
  dims.push_back(channels);
  return Shape(dims);
}

void ImageKind::build(const Shape& input) {
  require_image(*this, axes_, format_, input);
  build_image(channels_last(input, format_));
}

Variable ImageKind::call(const Operand& x, CallOptions options) {
  if (x.rank() != axes_ + 2) require_image(*this, axes_, format_, sample_shape(x.shape()));
  if (format_ == DataFormat::channels_last) return finish(call_image(x, options), x);
  const Operand image(channels_last(x, format_), x.where());
  return finish(in_format(call_image(image, options), format_, x), x);
}

Shape ImageKind::output_shape(const Shape& input) {
  require_image(*this, axes_, format_, input);
  return in_format(image_shape(channels_last(input, format_)), format_);
}

void ImageKind::build_image(const Shape& image) { image_shape(image); }

}  // namespace gradus
