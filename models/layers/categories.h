#pragma once

#include <gradus/models/layers/encoding.h>

namespace gradus {

// `indices`, a batch of whole numbers from 0 to depth - 1, in a mode other than "int". `weights`, where there
// are any, are multiplied into counts. Errors as of CategoryEncoding, naming the layer.
Variable encoded(const Layer::Kind& layer, const Operand& indices, std::int64_t depth, CategoryMode mode,
                 const Operand* weights);
// The shape of a sample of that.
Shape encoded_shape(const Layer::Kind& layer, const Shape& sample, std::int64_t depth, CategoryMode mode);

}  // namespace gradus
