#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <optional>

namespace gradus {

// One-hot rows of class labels, as Keras's to_categorical: labels of any shape and dtype -> float32
// [shape…, num_classes]; a last extent of 1 is dropped from the labels' shape first. num_classes is the
// largest label + 1 unless given. ValueError, naming the label and its index, for one that is negative, a
// fraction, or not below num_classes; ValueError for a num_classes that is not positive, or no labels to take
// it from.
Tensor to_categorical(const Tensor& y, std::optional<std::int64_t> num_classes = {});

namespace data {
using gradus::to_categorical;
}

}  // namespace gradus
