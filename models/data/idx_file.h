#pragma once

#include <gradus/models/data/decoded_file.h>
#include <gradus/models/data/read_idx.h>

#include <vector>

namespace gradus::data {

// An IDX file whose values are read from front to back, in as many pieces as one likes.
class IdxFile {
 public:
  // Reads the head and checks it as read_idx says, but for max_bytes.
  IdxFile(const std::string& path, const IdxOptions& options);

  Shape shape() const { return Shape(dims_); }
  // The next values. FileError when the file ends before, ValueError for a value the wanted dtype does not
  // have.
  Tensor read(const Shape& shape);
  // The same for all of them, which must be the rest of the file. FileError when they pass max_bytes.
  Tensor read_all();
  [[noreturn]] void fail(const std::string& reason) const { file_.fail(reason); }

 private:
  DecodedFile file_;
  IdxOptions options_;
  unsigned code_ = 0;         // the file's own type
  DType own_ = DType::int32;  // what that is read as
  std::vector<std::int64_t> dims_;
  std::uint64_t count_ = 1;  // the product of the extents
};

}  // namespace gradus::data
