#include <gradus/graph/error.h>
#include <gradus/models/saving/atomic_file.h>
#include <gradus/models/saving/input_file.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "../../child.h"
#include "temporary_folder.h"

namespace gradus::saving {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

class AtomicFile : public TemporaryFolder {
 protected:
  static void expect_refusal(const std::filesystem::path& path, const std::string& reason) {
    EXPECT_THAT([&] { write_file_atomically(path, "new"); },
                ThrowsMessage<FileError>(
                    AllOf(StartsWith("cannot write '" + path.string() + "'"), HasSubstr(reason))));
  }
};

TEST_F(AtomicFile, ReplacesTheFileAndLeavesNothingBeside) {
  const std::filesystem::path path = folder() / "a.txt";
  write_file_atomically(path, "first");
  EXPECT_EQ(read(path), "first");
  write_file_atomically(path, std::string("se\0nd", 5));
  EXPECT_EQ(read_file(path, 5), std::string("se\0nd", 5));
  EXPECT_THAT(files(), ElementsAre("a.txt"));
}

TEST_F(AtomicFile, WritesIntoTheCurrentFolder) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder());
  write_file_atomically("plain", "text");
  std::filesystem::current_path(before);
  EXPECT_EQ(read(folder() / "plain"), "text");
}

TEST_F(AtomicFile, KeepsThePermissionsOfTheFileItReplaces) {
  const std::filesystem::path path = folder() / "private";
  write(path, "old");
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  write_file_atomically(path, "new");
  struct stat status = {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(AtomicFile, ReplacesASymbolicLinkAndNotItsTarget) {
  write(folder() / "target", "old");
  std::filesystem::create_symlink("target", folder() / "link");
  write_file_atomically(folder() / "link", "new");
  EXPECT_EQ(read(folder() / "target"), "old");
  EXPECT_FALSE(std::filesystem::is_symlink(folder() / "link"));
  EXPECT_EQ(read(folder() / "link"), "new");
}

TEST_F(AtomicFile, NamesThePathAndTheReason) {
  expect_refusal(folder() / "missing" / "a.txt", "No such file or directory");
  expect_refusal("", "the path is empty");
  expect_refusal(folder(), "it is a folder");
  expect_refusal(folder() / "", "it is a folder");
  expect_refusal(folder() / std::string(300, 'x'), "File name too long");
  write(folder() / "file", "");
  expect_refusal(folder() / "file" / "a.txt", "Not a directory");
  EXPECT_THAT(files(), ElementsAre("file"));
}

TEST_F(AtomicFile, NeverReplacesADeviceOrPipe) {
  expect_refusal("/dev/full", "it is not a regular file");
  ASSERT_EQ(mkfifo((folder() / "pipe").c_str(), 0600), 0);
  expect_refusal(folder() / "pipe", "it is not a regular file");
  EXPECT_THAT(files(), ElementsAre("pipe"));
}

// What the child did, by its exit code, with the rights and limits that `restrict` leaves it.
template <class Restrict>
int write_in_child(const std::filesystem::path& path, const std::string& bytes, const std::string& reason,
                   Restrict restrict) {
  return test::exit_code_of_child([&] {
    if (!restrict()) return 3;
    try {
      write_file_atomically(path, bytes);
    } catch (const FileError& error) {
      return std::string(error.what()).find(reason) != std::string::npos ? 0 : 2;
    }
    return 1;
  });
}

TEST_F(AtomicFile, KeepsTheOldFileWhenThereIsNoRoomForTheNew) {
  const std::filesystem::path path = folder() / "a.txt";
  write(path, "old");
  const int code = write_in_child(path, std::string(100000, 'x'), "File too large", [] {
    const rlimit limit = {4096, 4096};
    return std::signal(SIGXFSZ, SIG_IGN) != SIG_ERR && setrlimit(RLIMIT_FSIZE, &limit) == 0;
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(read(path), "old");
  EXPECT_THAT(files(), ElementsAre("a.txt"));
}

TEST_F(AtomicFile, ReportsAFolderThatMayNotBeWritten) {
  const std::filesystem::path path = folder() / "a.txt";
  write(path, "old");
  ASSERT_EQ(chmod(folder().c_str(), 0555), 0);
  // The superuser may write anywhere: give the right up.
  const int code =
      write_in_child(path, "new", "Permission denied", [] { return getuid() != 0 || setuid(65534) == 0; });
  ASSERT_EQ(chmod(folder().c_str(), 0755), 0);
  EXPECT_EQ(code, 0);
  EXPECT_EQ(read(path), "old");
  EXPECT_THAT(files(), ElementsAre("a.txt"));
}

TEST_F(AtomicFile, ReadingStopsAtTheLimit) {
  write(folder() / "long", "12345");
  EXPECT_THAT([&] { read_file(folder() / "long", 4); },
              ThrowsMessage<FileError>(HasSubstr("it has 5 bytes, more than the 4 allowed")));
}

}  // namespace
}  // namespace gradus::saving
