#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "../../folder.h"

namespace gradus::saving {

// A test with a folder of its own, removed afterwards.
class TemporaryFolder : public testing::Test {
 protected:
  const std::filesystem::path& folder() const { return folder_.path(); }

  // Names of the files in the folder.
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder()))
      names.insert(entry.path().filename());
    return names;
  }

  static std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }

 private:
  test::Folder folder_;
};

}  // namespace gradus::saving
