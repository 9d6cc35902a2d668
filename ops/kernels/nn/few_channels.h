#pragma once

#include <gradus/ops/kernels/nn/convolution.h>

namespace gradus::kernels {

// Computes `part` as `convolve` does, of a convolution of images of few channels: what a net sees first.
// False, with nothing done, where there are too many of them, or the part is the input's. Bits do not depend
// on the number of threads.
bool convolve_few_channels(ConvolutionPart part, const Convolution& convolution, const float* a,
                           const float* b, float* out, const float* bias);

}  // namespace gradus::kernels
