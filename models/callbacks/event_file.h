#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace gradus {

// A file of scalar summaries that TensorBoard reads: TFRecord frames, each with a protobuf message Event
// (tensorflow/core/util/event.proto, framework/summary.proto).
class EventFile {
 public:
  // A new file in `folder`, which is made where needed. FileError when that cannot be.
  explicit EventFile(const std::filesystem::path& folder);

  void add_scalar(std::string_view tag, double value, std::int64_t step);
  // FileError when what was added cannot be written.
  void flush();

 private:
  void write_record(const std::string& event);
  [[noreturn]] void fail(const std::string& reason) const;

  std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace gradus
