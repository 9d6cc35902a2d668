#pragma once

#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/nn/convolution.h>

#include <string_view>

namespace gradus::kernels {

// The convolution of the call's operand 0 with its operand 1, over `axes` spatial axes, all checked.
Convolution convolution_of(const Call& call, std::size_t axes, const ConvolutionOptions& options);
// The same for a kernel shape other than operand 1's own.
Convolution convolution_of(const Call& call, std::size_t axes, const Shape& kernel,
                           const ConvolutionOptions& options);

// A part of a convolution as an op called `name`, made from its two other parts; see ConvolutionPart. The
// gradient of each part is made of the two others, so that all orders are. `name` must be a literal.
Variable convolve(std::string_view name, ConvolutionPart part, const Convolution& convolution,
                  const Variable& a, const Variable& b);

// Each channel of x with kernels of its own, [kh, kw, in, multiplier], as an op called `name`; misuse is the
// call's.
Variable depthwise_convolution(std::string_view name, const Call& call, const Variable& x,
                               const Variable& kernel, const DepthwiseOptions& options);

// conv1d, conv2d, conv3d.
Variable plain_convolution(std::string_view name, std::size_t axes, const Operand& x, const Operand& kernel,
                           const ConvolutionOptions& options);

}  // namespace gradus::kernels
