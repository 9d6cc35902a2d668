#pragma once

#include <gradus/graph/tensor.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace gradus::saving {

// NumPy's .npy format, version 1.0: little endian, C order; dtypes f4 f8 i4 i8 b1. The header is what stands
// before the values: magic, version, length, and a Python dict padded to a multiple of 64 bytes.

std::string npy_header(const Tensor& tensor);

constexpr std::size_t kNpyPrefix = 10;  // magic, version, length
// Length of the whole header by its first kNpyPrefix bytes. ValueError when they are not those of a .npy
// file.
std::size_t npy_header_size(std::string_view prefix);

struct NpyLayout {
  DType dtype = DType::float32;
  Shape shape = {};
};
// What a whole header says. ValueError, without the file's name, for anything but what `npy_header` or NumPy
// write.
NpyLayout parse_npy_header(std::string_view header);

}  // namespace gradus::saving
