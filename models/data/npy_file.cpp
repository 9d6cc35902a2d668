#include <gradus/graph/error.h>
#include <gradus/models/data/npy_file.h>

#include <algorithm>
#include <span>

namespace gradus::data {

NpyFile::NpyFile(const std::string& path) : file_(path) {
  try {
    if (file_.size() < saving::kNpyPrefix) throw ValueError("it is not in the .npy format");
    values_at_ = saving::npy_header_size(file_.read(0, saving::kNpyPrefix));
    if (values_at_ > file_.size()) throw ValueError("it ends too early, within its .npy header");
    layout_ = saving::parse_npy_header(file_.read(0, static_cast<std::size_t>(values_at_)));
  } catch (const ValueError& error) {
    fail(error.what());
  }
  // The shape's elements fit int64, but their bytes need not.
  const auto count = static_cast<std::uint64_t>(shape().elements());
  const std::uint64_t bytes = file_.size() - values_at_;
  if (bytes / item_size(layout_.dtype) != count || bytes % item_size(layout_.dtype) != 0) {
    fail("its shape " + to_string(shape()) + " of " + std::string(to_string(layout_.dtype)) +
         " does not take the " + std::to_string(bytes) + " bytes that follow its header");
  }
}

Tensor NpyFile::read(std::int64_t begin, const Shape& shape) const {
  Tensor tensor = Tensor::empty(shape, layout_.dtype);
  const std::span<std::byte> values(tensor.buffer()->data(), tensor.bytes());
  file_.read(values_at_ + static_cast<std::uint64_t>(begin) * item_size(layout_.dtype), values);
  if (layout_.dtype == DType::boolean &&
      std::any_of(values.begin(), values.end(), [](std::byte b) { return b > std::byte{1}; })) {
    fail("its boolean values are not all 0 or 1");
  }
  return tensor;
}

}  // namespace gradus::data
