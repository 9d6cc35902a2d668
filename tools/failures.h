#pragma once

#include <gradus/graph/error.h>

#include <string>
#include <vector>

namespace gradus::tools {

// What went wrong in parts of a command whose other parts were done all the same.
class Failures : public Error {
 public:
  // REQUIRES texts that are not empty.
  explicit Failures(std::vector<std::string> texts) : Error(texts.front()), texts_(std::move(texts)) {}
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::vector<std::string> texts_;
};

}  // namespace gradus::tools
