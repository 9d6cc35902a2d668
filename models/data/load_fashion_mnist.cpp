#include <gradus/graph/error.h>
#include <gradus/models/data/load_fashion_mnist.h>
#include <gradus/models/data/read_idx.h>

#include <filesystem>

namespace gradus::data {

namespace {

constexpr std::int64_t kSide = 28;

// The file of that name, packed or not.
std::filesystem::path find(const FashionMnistOptions& options, const std::string& name) {
  const std::filesystem::path folder = options.path;
  std::error_code ignored;
  for (const char* ending : {".gz", ""}) {
    if (std::filesystem::exists(folder / (name + ending), ignored)) return folder / (name + ending);
  }
  throw FileError("load_fashion_mnist: there is no '" + (folder / (name + ".gz")).string() +
                  "'. On Debian: apt-get install dataset-fashion-mnist");
}

struct Part {
  Tensor x, y;
};

Part part(const FashionMnistOptions& options, const std::string& name) {
  const std::filesystem::path images = find(options, name + "-images-idx3-ubyte"),
                              labels = find(options, name + "-labels-idx1-ubyte");
  const auto refuse = [](const std::filesystem::path& path, const std::string& problem) {
    throw FileError("load_fashion_mnist: '" + path.string() + "' " + problem);
  };
  Part part = {.x = read_idx(images.string(), {.dtype = DType::float32}), .y = read_idx(labels.string())};
  if (part.x.rank() != 3 || part.x.dim(1) != kSide || part.x.dim(2) != kSide) {
    refuse(images, "has values of shape " + to_string(part.x.shape()) + ", not pictures of 28 x 28");
  }
  if (part.y.rank() != 1 || part.y.dim(0) != part.x.dim(0)) {
    refuse(labels, "has labels of shape " + to_string(part.y.shape()) + " for " +
                       std::to_string(part.x.dim(0)) + " pictures");
  }
  if (part.y.dtype() != DType::int32) refuse(labels, "has labels that are no whole numbers");
  const auto classes = static_cast<std::int32_t>(kFashionMnistClasses.size());
  for (const std::int32_t label : part.y.values<std::int32_t>()) {
    if (label < 0 || label >= classes) refuse(labels, "has the label " + std::to_string(label));
  }
  return part;
}

}  // namespace

FashionMnist load_fashion_mnist(const FashionMnistOptions& options) {
  const Part train = part(options, "train"), test = part(options, "t10k");
  return {train.x, train.y, test.x, test.y};
}

}  // namespace gradus::data
