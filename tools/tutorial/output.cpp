#include <gradus/graph/dot.h>
#include <gradus/graph/error.h>
#include <gradus/models/saving/atomic_file.h>
#include <gradus/plot/graph_svg.h>
#include <gradus/tools/tutorial/output.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace gradus::tutorial {

Output::Output(std::filesystem::path folder, bool pictures)
    : folder_(std::move(folder)), pictures_(pictures) {
  const auto fail = [&](const std::string& reason) {
    throw FileError("cannot write into the folder '" + folder_.string() + "': " + reason);
  };
  if (folder_.empty()) fail("it has no name");
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) fail(error.message());
  if (::access(folder_.c_str(), W_OK | X_OK) != 0) fail(std::generic_category().message(errno));
}

void Output::write(const std::string& name, std::string_view bytes) const {
  saving::write_file_atomically(folder_ / name, bytes);
}

void Output::graph(const std::string& name, const Graph& graph) {
  write(name + ".dot", to_dot(graph));
  draw([&] { plot::write_svg(graph, folder_ / (name + ".svg")); });
}

void Output::draw(const std::function<void()>& picture) {
  if (!pictures_) return;
  try {
    picture();
  } catch (const ProcessError& error) {
    if (std::find(failures_.begin(), failures_.end(), error.what()) == failures_.end()) {
      failures_.emplace_back(error.what());
    }
  }
}

std::string points_csv(const Tensor& x, const Tensor& classes) {
  std::string text = "x0,x1,label\n";
  const auto add = [&](auto value, char end) {
    char digits[32];
    const auto result = std::to_chars(digits, digits + sizeof digits, value);
    text.append(digits, result.ptr);
    text += end;
  };
  const auto points = x.values<double>();
  const auto labels = classes.values<std::int64_t>();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    add(points[2 * i], ',');
    add(points[2 * i + 1], ',');
    add(labels[i], '\n');
  }
  return text;
}

}  // namespace gradus::tutorial
