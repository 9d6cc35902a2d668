#include <gradus/graph/error.h>
#include <gradus/models/saving/atomic_file.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <system_error>

namespace gradus::saving {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& reason) {
  throw FileError("cannot write '" + path.string() + "': " + reason);
}

std::string reason_of_errno() { return std::generic_category().message(errno); }

// Permissions of the file that will be replaced; none where there is none yet.
std::optional<mode_t> mode_to_keep(const std::filesystem::path& path) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0 || S_ISLNK(status.st_mode)) return {};
  if (S_ISDIR(status.st_mode)) fail(path, "it is a folder");
  // A device or pipe must not be replaced by a file of the same name.
  if (!S_ISREG(status.st_mode)) fail(path, "it is not a regular file");
  return status.st_mode & 0777U;
}

std::filesystem::path temporary_beside(const std::filesystem::path& path) {
  std::random_device random;
  std::string name = ".gradus-";
  for (int i = 0; i < 20; ++i) name += "0123456789abcdef"[random() % 16];
  return path.parent_path() / (name + ".tmp");
}

// A file that is removed again unless it was moved to its place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target)
      : target_(target), path_(temporary_beside(target)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor_ < 0) fail(target_, reason_of_errno());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!moved_) ::unlink(path_.c_str());
  }

  void set_mode(mode_t mode) const {
    if (::fchmod(descriptor_, mode) != 0) fail(target_, reason_of_errno());
  }

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail(target_, reason_of_errno());
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void move_to_target() {
    if (::fsync(descriptor_) != 0) fail(target_, reason_of_errno());
    const int descriptor = descriptor_;
    descriptor_ = -1;
    if (::close(descriptor) != 0) fail(target_, reason_of_errno());
    if (std::rename(path_.c_str(), target_.c_str()) != 0) fail(target_, reason_of_errno());
    moved_ = true;
  }

 private:
  const std::filesystem::path& target_;
  std::filesystem::path path_;
  int descriptor_ = -1;
  bool moved_ = false;
};

// Makes the new name outlast a power cut. Some file systems have no such call for folders: no reason to fail.
void sync_folder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  if (path.native().find('\0') != std::string::npos) fail(path, "the path contains a NUL");
  if (path.empty()) fail(path, "the path is empty");
  if (!path.has_filename()) fail(path, "it is a folder");
  const std::optional<mode_t> mode = mode_to_keep(path);
  TemporaryFile file(path);
  if (mode) file.set_mode(*mode);
  file.write(bytes);
  file.move_to_target();
  sync_folder(path);
}

}  // namespace gradus::saving
