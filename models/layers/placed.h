#pragma once

#include <gradus/graph/operand.h>

#include <utility>
#include <vector>

namespace gradus {

// Passes on what a layer computes as if it stood at the user's line, which the layer's input carries.
class Placed {
 public:
  explicit Placed(SourceLocation where) : where_(where) {}

  Operand operator()(Variable value) const { return Operand(std::move(value), where_); }
  Operand operator()(const Tensor& value) const { return Operand(value, where_); }
  Operand operator()(const Operand& value) const { return value.at(where_); }
  std::vector<Operand> operator()(std::vector<Variable> values) const {
    std::vector<Operand> operands;
    for (Variable& value : values) operands.emplace_back(std::move(value), where_);
    return operands;
  }

 private:
  SourceLocation where_;
};

}  // namespace gradus
