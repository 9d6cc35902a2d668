#pragma once

#include <gradus/graph/shape.h>
#include <gradus/models/config/config.h>

#include <string>

namespace gradus {

// The shape of one sample of a batch. REQUIRES a rank of at least 1.
Shape sample_shape(const Shape& batch);
// The shape of `rows` samples.
Shape batch_shape(const Shape& sample, std::int64_t rows);
// A sample's shape as Keras writes that of a batch: "(None, 4)", "(None,)".
std::string batch_text(const Shape& sample);
// The same in a config, [null, 4], and back. ValueError for a value that is none.
ConfigValue batch_config(const Shape& sample);
Shape sample_shape_of(const ConfigValue& batch);

}  // namespace gradus
