#include <gradus/graph/error.h>
#include <gradus/models/callbacks/training_state.h>
#include <gradus/models/saving/npz.h>

#include <map>
#include <span>

namespace gradus {

namespace {

using saving::NamedTensor;

// All values but the epoch, under the names they have in the file.
struct State {
  std::vector<NamedTensor> weights;
  std::vector<NamedTensor> optimizer;
};

State state_of(const Model& model) {
  State state;
  for (const Weight& weight : model.weight_list()) {
    state.weights.push_back({"weights/" + weight.path, weight.parameter.value()});
  }
  for (const Optimizer::NamedState& value : model.optimizer().variables()) {
    state.optimizer.push_back(
        {"optimizer/" + std::to_string(state.optimizer.size()) + "/" + value.name, value.value});
  }
  return state;
}

class Found {
 public:
  explicit Found(const std::string& path) : path_(path) {
    for (NamedTensor& tensor : saving::load_npz(path)) values_.emplace(std::move(tensor.name), tensor.value);
  }

  // The value, taken out; of the shape and dtype of the one it will replace.
  Tensor take(const std::string& name, const Tensor& like) {
    const auto found = values_.find(name);
    if (found == values_.end()) refuse("it has no '" + name + "'");
    const Tensor value = found->second;
    if (value.shape() != like.shape() || value.dtype() != like.dtype()) {
      refuse("'" + name + "' is " + std::string(to_string(value.dtype())) + " " + to_string(value.shape()) +
             " in the file and " + std::string(to_string(like.dtype())) + " " + to_string(like.shape()) +
             " in the model");
    }
    values_.erase(found);
    return value;
  }
  std::vector<Tensor> take(const std::vector<NamedTensor>& like) {
    std::vector<Tensor> values;
    for (const NamedTensor& tensor : like) values.push_back(take(tensor.name, tensor.value));
    return values;
  }
  void require_empty() const {
    if (!values_.empty()) refuse("it has a '" + values_.begin()->first + "' that the model has not");
  }
  [[noreturn]] void refuse(const std::string& problem) const {
    throw FileError("the backup '" + path_ + "' is of another model: " + problem);
  }

 private:
  std::string path_;
  std::map<std::string, Tensor> values_;
};

Tensor epoch_tensor(std::int64_t epoch) { return Tensor::full({}, static_cast<double>(epoch), DType::int64); }

}  // namespace

void save_training_state(const std::string& path, const Model& model, std::int64_t epoch) {
  State state = state_of(model);
  std::vector<NamedTensor> all = std::move(state.weights);
  all.insert(all.end(), state.optimizer.begin(), state.optimizer.end());
  all.push_back({"epoch", epoch_tensor(epoch)});
  saving::save_npz(path, all);
}

std::int64_t load_training_state(const std::string& path, const Model& model) {
  Found found(path);
  const State state = state_of(model);
  const auto epoch = static_cast<std::int64_t>(found.take("epoch", epoch_tensor(0)).item());
  const std::vector<Tensor> weights = found.take(state.weights);
  const std::vector<Tensor> optimizer_values = found.take(state.optimizer);
  found.require_empty();
  if (epoch < 0) found.refuse("its epoch is " + std::to_string(epoch));
  Optimizer optimizer = model.optimizer();
  optimizer.set_variables(optimizer_values);
  model.set_weights(weights);
  return epoch;
}

}  // namespace gradus
