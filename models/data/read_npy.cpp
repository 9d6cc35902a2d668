#include <gradus/models/data/npy_file.h>
#include <gradus/models/data/read_npy.h>
#include <gradus/models/saving/atomic_file.h>

namespace gradus::data {

Tensor read_npy(const std::string& path) {
  const NpyFile file(path);
  return file.read(0, file.shape());
}

void save_npy(const std::string& path, const Tensor& tensor) {
  tensor.require_defined();
  std::string bytes = saving::npy_header(tensor);
  bytes.append(reinterpret_cast<const char*>(tensor.buffer()->data()), tensor.bytes());
  saving::write_file_atomically(path, bytes);
}

}  // namespace gradus::data
