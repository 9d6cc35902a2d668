#include <gradus/graph/error.h>
#include <gradus/models/tensors.h>

#include <algorithm>

namespace gradus {

Tensors::Tensors(std::initializer_list<Item> items) {
  for (const Item& item : items) {
    values_.push_back(item.value_);
    if (item.name_.empty()) continue;
    if (std::find(names_.begin(), names_.end(), item.name_) != names_.end()) {
      throw ValueError("two tensors are called '" + item.name_ + "'");
    }
    names_.push_back(item.name_);
  }
  if (!names_.empty() && names_.size() != values_.size()) {
    throw ValueError("of " + std::to_string(values_.size()) + " tensors " + std::to_string(names_.size()) +
                     " have names: name all of them, or none");
  }
}

const Tensor& Tensors::only() const {
  if (values_.size() != 1) {
    throw ValueError("one tensor is wanted here, there are " + std::to_string(values_.size()));
  }
  return values_.front();
}

}  // namespace gradus
