#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace gradus::data {

// The bytes of a regular file from front to back; those of a gzip file (which its first bytes tell, not its
// name) unpacked as they are read, with its checksum verified at the end. Takes 64 KiB whatever the file
// says. FileError with the path for all that can go wrong.
class DecodedFile {
 public:
  explicit DecodedFile(const std::filesystem::path& path);
  DecodedFile(const DecodedFile&) = delete;
  DecodedFile& operator=(const DecodedFile&) = delete;
  ~DecodedFile();

  // Fills `bytes`; FileError when the file ends before.
  void read(std::span<std::byte> bytes);
  // Fills as much of `bytes` as there is, and says how much that was; less than all at the end only.
  std::size_t read_some(std::span<std::byte> bytes);
  // FileError unless everything has been read.
  void expect_end();
  // No more bytes than this can have come at the end: what the file has, or what it may unpack to.
  std::uint64_t most_bytes() const;
  // FileError "cannot read '<path>': <reason>".
  [[noreturn]] void fail(const std::string& reason) const;

 private:
  class Source;
  class Plain;
  class Gzip;
  std::unique_ptr<Source> source_;
};

}  // namespace gradus::data
