#pragma once

#include <gradus/graph/tensor.h>

namespace gradus::training {

// The weights [n] of samples as those of a loss that has several values a sample: y_pred [n, t, …, c] has
// [n, t, …]. Others, and none, as they are.
Tensor weight_of_values(const Tensor& weight, const Shape& y_pred);

// 1 where a step counts and 0 elsewhere, in a floating dtype; undefined where the mask is not of the shape of
// the loss's values, as after a layer that has made one vector of all steps.
Tensor mask_weight(const Tensor& mask, const Shape& y_pred, DType dtype);

// a * b, of one shape and dtype.
Tensor product(const Tensor& a, const Tensor& b);

// The weights of a loss under a mask: made larger by all steps / those that count, so that the mean is taken
// over the latter (keras.losses' apply_mask).
Tensor scaled_to_all(const Tensor& weight, const Tensor& mask_weight);

}  // namespace gradus::training
