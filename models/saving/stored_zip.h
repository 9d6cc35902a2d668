#pragma once

#include <gradus/models/saving/input_file.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::saving {

// Zip archives whose members are stored as they are. Not taken: compression, encryption, comments, zip64
// beyond the sizes that Python repeats in local headers.

struct ZipMember {
  std::string name = {};
  std::uint64_t offset = 0;  // of its bytes in the file
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
};

// The members in the order of the file. FileError unless every byte of the file belongs to one of them or to
// the directory, local headers agree with the directory, and no name occurs twice. The members' bytes are not
// read: to check them against `crc` is the caller's part.
std::vector<ZipMember> read_stored_zip(const InputFile& file);

// Builds an archive in memory; the same members give the same bytes.
class StoredZip {
 public:
  // A member of two parts. ValueError when its name or the archive becomes too large for the format.
  void add(std::string_view name, std::string_view head, std::span<const std::byte> body);
  // The whole archive; call once, at the end.
  std::string finish();

 private:
  std::string bytes_;
  std::string directory_;
  std::size_t count_ = 0;
};

}  // namespace gradus::saving
