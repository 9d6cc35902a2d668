#include <gradus/graph/error.h>
#include <gradus/models/saving/input_file.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace gradus::saving {

namespace {

std::string reason_of_errno() { return std::generic_category().message(errno); }

}  // namespace

InputFile::InputFile(const std::filesystem::path& path) : path_(path) {
  if (path.native().find('\0') != std::string::npos) fail("the path contains a NUL");
  // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor_ < 0) fail(reason_of_errno());
  struct stat status = {};
  std::string trouble;
  if (::fstat(descriptor_, &status) != 0) {
    trouble = reason_of_errno();
  } else if (S_ISDIR(status.st_mode)) {
    trouble = "it is a folder";
  } else if (!S_ISREG(status.st_mode)) {
    trouble = "it is not a regular file";
  }
  if (!trouble.empty()) {
    ::close(descriptor_);
    fail(trouble);
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  if (offset > size_ || bytes.size() > size_ - offset)
    fail("it ends too early, after " + std::to_string(size_) + " bytes");
  while (!bytes.empty()) {
    const ssize_t count = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(reason_of_errno());
    if (count == 0) fail("it was cut short while it was read");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

std::string InputFile::read(std::uint64_t offset, std::size_t count) const {
  if (offset > size_ || count > size_ - offset)
    fail("it ends too early, after " + std::to_string(size_) + " bytes");
  std::string text(count, '\0');
  read(offset, std::as_writable_bytes(std::span(text)));
  return text;
}

void InputFile::fail(const std::string& reason) const {
  throw FileError("cannot read '" + path_.string() + "': " + reason);
}

std::string read_file(const std::filesystem::path& path, std::uint64_t limit) {
  const InputFile file(path);
  if (file.size() > limit) {
    file.fail("it has " + std::to_string(file.size()) + " bytes, more than the " + std::to_string(limit) +
              " allowed");
  }
  return file.read(0, static_cast<std::size_t>(file.size()));
}

}  // namespace gradus::saving
