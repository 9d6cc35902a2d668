#include <gradus/graph/error.h>
#include <gradus/graph/parameters.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/graph/suggest.h>

#include <algorithm>

namespace gradus {

namespace {

// "parameter 1, 'w' [3, 2],"
std::string described(const Variable& variable, std::size_t place) {
  const auto name = variable.name();
  return "parameter " + std::to_string(place) + ", " + (name.empty() ? "" : "'" + std::string(name) + "' ") +
         to_string(variable.shape()) + ",";
}

// What the handles are told apart by: their values' memory, which two leaves over one Tensor share as well.
const void* identity_of(const Variable& variable) { return variable.value().buffer().get(); }

}  // namespace

Parameter ParameterList::add(std::string_view name, const Tensor& value) {
  Parameter parameter(name, value);
  add(parameter);
  return parameter;
}

void ParameterList::add(const Parameter& parameter) {
  const auto name = parameter.name();
  if (name.empty()) throw ValueError("ParameterList: a Parameter needs a name");
  for (const Parameter& other : list_) {
    if (other.name() == name) {
      throw ValueError("ParameterList: the name '" + std::string(name) + "' is taken already");
    }
  }
  list_.push_back(parameter);
}

void ParameterList::add(const ParameterList& part) {
  ParameterList both = *this;
  for (const Parameter& parameter : part) both.add(parameter);
  *this = std::move(both);
}

const Parameter& ParameterList::operator[](std::string_view name) const {
  std::vector<std::string_view> known;
  for (const Parameter& parameter : list_) {
    if (parameter.name() == name) return parameter;
    known.push_back(parameter.name());
  }
  throw ValueError("ParameterList: " + unknown_name("parameter", name, known));
}

void zero_grad(const Variables& parameters) {
  for (const Variable& parameter : parameters) parameter.zero_grad();
}

std::int64_t count_params(const Variables& parameters) {
  std::int64_t count = 0;
  for (const Variable& parameter : parameters) count += parameter.value().size();
  return count;
}

void require_trainable(const Variables& parameters, std::string_view caller) {
  const std::string prefix = std::string(caller) + ": ";
  PoolVector<const void*> seen;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Variable& parameter = parameters[i];
    if (!parameter.defined()) throw StateError(prefix + "parameter " + std::to_string(i) + " is undefined");
    if (parameter.node().op() != nullptr) {
      throw ValueError(prefix + described(parameter, i) + " is the result of " +
                       std::string(parameter.node().op()->name()) +
                       ": only a leaf can be trained, such as a Parameter");
    }
    if (!is_floating(parameter.dtype())) {
      throw DTypeError(prefix + described(parameter, i) + " is " + std::string(to_string(parameter.dtype())) +
                       ": only float32 and float64 can be trained");
    }
    if (!parameter.requires_grad()) {
      throw ValueError(prefix + described(parameter, i) +
                       " is a constant: make it a Parameter, or a Variable with {.requires_grad = true}");
    }
    seen.push_back(identity_of(parameter));
  }
  std::sort(seen.begin(), seen.end());
  if (std::adjacent_find(seen.begin(), seen.end()) == seen.end()) return;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (identity_of(parameters[i]) == identity_of(parameters[j])) {
        throw ValueError(prefix + described(parameters[i], i) + " is the same as parameter " +
                         std::to_string(j) + ": it would be updated twice");
      }
    }
  }
}

}  // namespace gradus
