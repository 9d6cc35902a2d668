#pragma once

#include <gradus/graph/variable.h>

#include <string_view>
#include <vector>

namespace gradus {

// The Parameters of a model of one's own, by name and in the order they were added:
//
//   struct Net {
//     ParameterList parameters;
//     Parameter w = parameters.add("w", Tensor::zeros({3, 1})), b = parameters.add("b", Tensor::zeros({1}));
//   };
//
// It is a range of Parameters, so optimizers, `gradients` and the functions below take it as it is.
class ParameterList {
 public:
  using value_type = Parameter;

  // Makes a Parameter that holds a copy of `value`. ValueError for an empty name or one that is taken.
  Parameter add(std::string_view name, const Tensor& value);
  // Takes up a Parameter, or all of a part of the model. ValueError for a name that is taken.
  void add(const Parameter& parameter);
  void add(const ParameterList& part);

  // ValueError for a name that is not there; it lists those that are.
  const Parameter& operator[](std::string_view name) const;
  std::size_t size() const { return list_.size(); }
  bool empty() const { return list_.empty(); }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

 private:
  std::vector<Parameter> list_;
};

// Drops the gradients: the next backward starts from none.
void zero_grad(const Variables& parameters);

// How many numbers they hold together.
std::int64_t count_params(const Variables& parameters);

// Throws unless each is a leaf that wants a gradient and none is there twice: StateError for an undefined
// Variable, DTypeError for integers, ValueError for the rest. The text starts with `caller`.
void require_trainable(const Variables& parameters, std::string_view caller);

}  // namespace gradus
