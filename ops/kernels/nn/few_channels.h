#pragma once

#include <gradus/ops/kernels/nn/convolution.h>

// Convolutions of images of few channels: what a net sees first. Each does nothing and says false where there
// are too many. Bits do not depend on the number of threads.

namespace gradus::kernels {

// The output's part, as `convolve` computes it.
bool convolve_few_channels(const Convolution& convolution, const float* x, const float* kernel, float* out,
                           const ConvolutionEnd& end);
// The gradients of the kernel and, unless null, of the bias, from that of the output: through relu, of which
// `relu` is the result, unless that is null.
bool few_channels_gradients(const Convolution& convolution, const float* x, const float* g, const float* relu,
                            float* d_kernel, float* d_bias);

}  // namespace gradus::kernels
