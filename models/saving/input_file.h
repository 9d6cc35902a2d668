#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace gradus::saving {

// A regular file, open for reading at any offset. Read by system calls, not mapped: a file that is cut short
// meanwhile gives an error, not a signal.
class InputFile {
 public:
  // FileError with the path and the system's reason; also for a folder, a pipe or a device, which could be
  // endless.
  explicit InputFile(const std::filesystem::path& path);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  std::uint64_t size() const { return size_; }  // when it was opened
  // Fills `bytes` from `offset` on; FileError when the file ends before that.
  void read(std::uint64_t offset, std::span<std::byte> bytes) const;
  std::string read(std::uint64_t offset, std::size_t count) const;
  // FileError "cannot read '<path>': <reason>".
  [[noreturn]] void fail(const std::string& reason) const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

// All of a regular file. FileError as above, also when it has more than `limit` bytes.
std::string read_file(const std::filesystem::path& path, std::uint64_t limit);

}  // namespace gradus::saving
