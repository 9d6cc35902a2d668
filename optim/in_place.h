#pragma once

#include <gradus/graph/tensor.h>

namespace gradus {

// What becomes of tensors beside an optimizer's rule, on floating tensors of one shape and dtype.

void decay(Tensor& w, double by);                              // w -= w * by
void gather(Tensor& sum, const Tensor& x);                     // sum += x
void average(Tensor& mean, const Tensor& x, double momentum);  // mean = momentum mean + (1 - momentum) x
void exchange(Tensor& a, Tensor& b);                           // their values
Tensor mean_with(const Tensor& sum, const Tensor& x, double divisor);  // a new one: (sum + x) / divisor

}  // namespace gradus
