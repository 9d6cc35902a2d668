#pragma once

#include <gradus/graph/operand.h>

#include <optional>
#include <string_view>
#include <vector>

namespace gradus::kernels {

// The operands of a call of which some are optional, and what errors call them.
struct OperandList {
  std::vector<Operand> operands;
  std::vector<std::string_view> names;

  // Its place in the list, or 0 where it is not given.
  std::size_t append(const std::optional<Operand>& operand, std::string_view name) {
    if (!operand.has_value()) return 0;
    operands.push_back(*operand);
    names.push_back(name);
    return operands.size() - 1;
  }
};

}  // namespace gradus::kernels
