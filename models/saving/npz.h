#pragma once

#include <gradus/graph/tensor.h>

#include <span>
#include <string>
#include <vector>

namespace gradus::saving {

struct NamedTensor {
  std::string name = {};
  Tensor value = {};
};

// Writes tensors as NumPy's .npz, so that `numpy.load(path)[name]` reads them: a zip archive of stored .npy
// members, each with its checksum. The same tensors give the same bytes. The file is written whole or not at
// all, as `write_file_atomically` says. Names are data and may be any bytes. StateError for an undefined
// tensor, ValueError for a name that occurs twice or does not fit into a zip archive, FileError when the file
// cannot be written.
void save_npz(const std::string& path, std::span<const NamedTensor> tensors);

// Reads what `save_npz` or `numpy.savez` wrote, in the order of the file. FileError with the path and what is
// wrong for any other file: checked are every length before it is used, all checksums, and that nothing but
// the tensors is in the file. Refused are compressed members, zip64, Fortran order, big-endian values and
// other dtypes.
std::vector<NamedTensor> load_npz(const std::string& path);

}  // namespace gradus::saving
