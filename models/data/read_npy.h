#pragma once

#include <gradus/graph/tensor.h>

#include <string>

namespace gradus::data {

// Reads what save_npy or `numpy.save` wrote: float32, float64, int32, int64 or boolean, little endian, C
// order. FileError with the path and what is wrong for any other file, one cut short or longer than it says
// among it; the size is checked against the file before memory is taken.
Tensor read_npy(const std::string& path);

// Writes a tensor as NumPy's .npy, so that `numpy.load(path)` reads it; the file is written whole or not at
// all. StateError for an undefined tensor, FileError when the file cannot be written.
void save_npy(const std::string& path, const Tensor& tensor);

}  // namespace gradus::data
