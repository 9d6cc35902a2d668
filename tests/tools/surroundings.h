#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "../folder.h"

namespace gradus::test {

// The environment variable PATH with another value, put back at the end.
class SearchPath {
 public:
  explicit SearchPath(const std::string& value) : previous_(std::getenv("PATH")) {
    ::setenv("PATH", value.c_str(), 1);
  }
  SearchPath(const SearchPath&) = delete;
  SearchPath& operator=(const SearchPath&) = delete;
  ~SearchPath() { ::setenv("PATH", previous_.c_str(), 1); }

 private:
  std::string previous_;
};

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace gradus::test
