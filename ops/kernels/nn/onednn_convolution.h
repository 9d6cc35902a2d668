#pragma once

#include <gradus/ops/kernels/nn/convolution.h>

namespace gradus::kernels {

// Computes `part` as `convolve` does, by oneDNN; false, with nothing done, where oneDNN has no fast way or
// the convolution is too small to pay for getting there. Bits do not depend on the number of threads.
bool convolve_by_onednn(ConvolutionPart part, const Convolution& convolution, const float* a, const float* b,
                        float* out, const ConvolutionEnd& end);

}  // namespace gradus::kernels
