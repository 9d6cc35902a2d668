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

// The three products of a convolution, each linear in both operands: the output from input and kernel, and
// the gradient of either from the other and that of the output.
enum class ConvolutionPart : std::uint8_t { output, input, kernel };
// Computes `part` from the other two, in the order (input or output gradient, kernel) or (input, output
// gradient). `bias`, unless null, is [out_channels] and added at each position; it REQUIRES the output's
// part. By oneDNN where there is one and it pays; else by "im2col", one matrix product over rows of patches.
void convolve(DType dtype, ConvolutionPart part, const Convolution& convolution, const void* a, const void* b,
              void* out, const void* bias = nullptr);

// The rows of patches themselves: [batch, pixels, channels] -> [batch, positions, taps, channels], zeros
// where a window lies beside the image; and its transpose, which adds patches where they came from.
void patches(DType dtype, const Windows& windows, std::int64_t batch, std::int64_t channels, const void* x,
             void* out);
void add_patches(DType dtype, const Windows& windows, std::int64_t batch, std::int64_t channels,
                 const void* rows, void* out);

}  // namespace gradus::kernels
