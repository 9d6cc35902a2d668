#pragma once

#include <gradus/graph/dtype.h>
#include <gradus/ops/kernels/nn/windows.h>

namespace gradus::kernels {

// A convolution of images [batch, pixels, in_channels] with a kernel [taps, in_channels / groups,
// out_channels] to [batch, positions, out_channels], all contiguous.
struct Convolution {
  Windows windows = {};
  std::int64_t batch = 0, in_channels = 0, out_channels = 0, groups = 1;

  Shape input() const;
  Shape kernel() const;
  Shape output() const;
  friend bool operator==(const Convolution&, const Convolution&) = default;
};

// What becomes of the output's values: the bias, unless null [out_channels], is added at each position, and
// relu taken of the sum.
struct ConvolutionEnd {
  const void* bias = nullptr;
  bool relu = false;
};

// The three products of a convolution, each linear in both operands: the output from input and kernel, and
// the gradient of either from the other and that of the output.
enum class ConvolutionPart : std::uint8_t { output, input, kernel };
// Computes `part` from the other two, in the order (input or output gradient, kernel) or (input, output
// gradient). An `end` REQUIRES the output's part. By a kernel of our own where the images have few channels,
// by oneDNN where there is one and it pays; else by "im2col", one matrix product over rows of patches.
void convolve(DType dtype, ConvolutionPart part, const Convolution& convolution, const void* a, const void* b,
              void* out, const ConvolutionEnd& end = {});
// The end alone, of a whole output or of some positions of it.
template <class T>
void end_positions(const ConvolutionEnd& end, std::int64_t channels, std::int64_t positions, T* values) {
  const T* bias = static_cast<const T*>(end.bias);
  if (bias == nullptr && !end.relu) return;
  if (bias == nullptr) {  // one long row
    channels *= positions;
    positions = 1;
  }
  for (; positions > 0; --positions, values += channels) {
    for (std::int64_t i = 0; bias != nullptr && i < channels; ++i) values[i] += bias[i];
    for (std::int64_t i = 0; end.relu && i < channels; ++i) values[i] = values[i] <= T(0) ? T(0) : values[i];
  }
}

// The rows of patches themselves: [batch, pixels, channels] -> [batch, positions, taps, channels], zeros
// where a window lies beside the image; and its transpose, which adds patches where they came from.
void patches(DType dtype, const Windows& windows, std::int64_t batch, std::int64_t channels, const void* x,
             void* out);
void add_patches(DType dtype, const Windows& windows, std::int64_t batch, std::int64_t channels,
                 const void* rows, void* out);

}  // namespace gradus::kernels
