#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <optional>
#include <string>

namespace gradus::data {

struct IdxOptions {
  std::optional<DType> dtype = {};                   // the values' dtype; by the file's type unless given
  std::uint64_t max_bytes = std::uint64_t{1} << 30;  // the most that the values may take in the Tensor
};

// Reads an IDX file, the format of MNIST: two zero bytes, a type, a rank, the extents, the values, all big
// endian. Unsigned and signed bytes, shorts and ints become int32, floats float32, doubles float64. A gzip
// file, whatever its name, is unpacked on the way. FileError with the path and what is wrong for a file that
// cannot be read or is anything else: cut short, longer than it says, a checksum that disagrees, or values
// that would pass max_bytes. Sizes are checked against the file before memory is taken for them. ValueError
// for a value that the wanted dtype does not have.
Tensor read_idx(const std::string& path, const IdxOptions& options = {});

}  // namespace gradus::data
