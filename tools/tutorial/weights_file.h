#pragma once

#include <gradus/graph/tensor.h>

#include <filesystem>
#include <optional>

namespace gradus::tutorial {

// The weights of one linear layer.
struct LayerWeights {
  Tensor weights = {};  // float32 [inputs, classes]
  Tensor bias = {};     // float32 [classes]
};

// What a file of weights holds: {"blobs": {"weights": [[...]], "bias": [...]}, "linear": {...}}.
struct WeightsFile {
  std::optional<LayerWeights> blobs = {};   // [2, 4] and [4]
  std::optional<LayerWeights> linear = {};  // [2, 2] and [2]
};

// Reads such a file, of which either part may be missing, not both. FileError, naming the place in the file,
// for one that cannot be read, is no JSON, has an unknown or repeated key, a wrong number of rows or columns,
// or anything but numbers that float32 holds.
WeightsFile read_weights(const std::filesystem::path& path);

}  // namespace gradus::tutorial
