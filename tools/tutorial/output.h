#pragma once

#include <gradus/graph/graph.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::tutorial {

// The folder a run writes into.
class Output {
 public:
  // Makes the folder where it is missing. FileError when that fails or nothing can be written in it.
  Output(std::filesystem::path folder, bool pictures);

  // Writes a file, whole or not at all. FileError.
  void write(const std::string& name, std::string_view bytes) const;
  // `<name>.dot` and, with pictures, `<name>.svg`.
  void graph(const std::string& name, const Graph& graph);
  // Calls what draws a picture, if pictures are wanted. A program that is missing or fails is remembered, not
  // thrown: the rest of the run is worth having.
  void draw(const std::function<void()>& picture);

  const std::filesystem::path& folder() const { return folder_; }
  bool pictures() const { return pictures_; }
  // What went wrong in drawing, each once.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  std::filesystem::path folder_;
  bool pictures_;
  std::vector<std::string> failures_;
};

// Rows of [n, 2] with their classes as CSV: the header x0,x1,label, and doubles as the shortest text that
// reads back as the same number.
std::string points_csv(const Tensor& x, const Tensor& classes);

}  // namespace gradus::tutorial
