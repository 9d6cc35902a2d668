#pragma once

#include <gradus/ops/kernels/nn/convolution.h>

// Convolutions of images of few channels: what a net sees first. Bits do not depend on the number of threads.

namespace gradus::kernels {

// Whether this is the fast way to a part of a convolution of float32 images, of which none may be empty.
bool suits_few_channels(ConvolutionPart part, const Convolution& convolution);
// The output's part, as `convolve` computes it. REQUIRES that it suits.
void convolve_few_channels(const Convolution& convolution, const float* x, const float* kernel, float* out,
                           const ConvolutionEnd& end);
// The gradients of the kernel and, unless null, of the bias, from that of the output: through relu, of which
// `relu` is the result, unless that is null. REQUIRES that the kernel's part suits.
void few_channels_gradients(const Convolution& convolution, const float* x, const float* g, const float* relu,
                            float* d_kernel, float* d_bias);

}  // namespace gradus::kernels
