#include <gradus/graph/error.h>
#include <gradus/models/saving/npz.h>
#include <gradus/models/saving/weights.h>

#include <map>

namespace gradus::saving {

void save_weights(const std::string& path, const Layer& layer) {
  std::vector<NamedTensor> tensors;
  for (const Weight& weight : layer.weight_list()) {
    tensors.push_back({weight.path, weight.parameter.value()});
  }
  save_npz(path, tensors);
}

void load_weights(const std::string& path, const Layer& layer) {
  std::map<std::string, Tensor, std::less<>> found;
  for (NamedTensor& tensor : load_npz(path)) found.insert_or_assign(std::move(tensor.name), tensor.value);
  const auto refuse = [&](const std::string& problem) {
    throw FileError("load_weights: '" + path + "' does not fit '" + layer.name() + "': " + problem);
  };

  const std::vector<Weight> weights = layer.weight_list();
  std::vector<Tensor> values;
  for (const Weight& weight : weights) {
    const auto entry = found.find(weight.path);
    if (entry == found.end()) refuse("it has no weight '" + weight.path + "'");
    const Tensor& value = entry->second;
    if (value.shape() != weight.parameter.shape()) {
      refuse("'" + weight.path + "' is " + to_string(value.shape()) + " in the file and " +
             to_string(weight.parameter.shape()) + " in the model");
    }
    if (!is_floating(value.dtype())) {
      refuse("'" + weight.path + "' is " + std::string(to_string(value.dtype())) + " in the file");
    }
    values.push_back(value);
    found.erase(entry);
  }
  if (!found.empty()) refuse("it has a weight '" + found.begin()->first + "' that the model has not");
  layer.set_weights(values);
}

}  // namespace gradus::saving
