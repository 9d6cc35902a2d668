#pragma once

#include <gradus/models/layer.h>

#include <string>

namespace gradus::saving {

// The weights of a layer or model as .npz, under the paths of `weight_list()`: "dense/kernel". Errors as
// `save_npz`'s.
void save_weights(const std::string& path, const Layer& layer);

// Reads them back by name and sets all of them or none. FileError for a file that is none, for a weight that
// is missing, too many or twice, or for one of another shape; a floating dtype is converted.
void load_weights(const std::string& path, const Layer& layer);

}  // namespace gradus::saving
