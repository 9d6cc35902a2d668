#pragma once

#include <gradus/graph/tensor.h>

#include <span>

namespace gradus {

// The arithmetic under gradient clipping, on floating tensors. An undefined Tensor stands for no gradient:
// it adds nothing to a norm.

// The Euclidean norm of all elements together, summed in double by a fixed tree. No finite elements overflow
// it; NaN and infinity show.
double norm_of(std::span<const Tensor> tensors);

// What to multiply by so that `norm` is at most `max_norm`: 1 where it is already, NaN for a norm that is NaN
// or infinite, so that a broken gradient is not mistaken for a clipped one.
double clip_factor(double norm, double max_norm);

// A new Tensor: x * factor. The same Tensor for a factor of 1.
Tensor scaled(const Tensor& x, double factor);
// A new Tensor: x cut to [low, high]; NaN stays NaN.
Tensor clamped(const Tensor& x, double low, double high);

}  // namespace gradus
