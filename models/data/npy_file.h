#pragma once

#include <gradus/models/saving/input_file.h>
#include <gradus/models/saving/npy.h>

#include <string>

namespace gradus::data {

// A .npy file whose values are read from any place.
class NpyFile {
 public:
  // Reads the header; FileError as read_npy says.
  explicit NpyFile(const std::string& path);

  const Shape& shape() const { return layout_.shape; }
  // The values from number `begin` on.
  Tensor read(std::int64_t begin, const Shape& shape) const;
  [[noreturn]] void fail(const std::string& reason) const { file_.fail(reason); }

 private:
  saving::InputFile file_;
  std::uint64_t values_at_ = 0;
  saving::NpyLayout layout_;
};

}  // namespace gradus::data
