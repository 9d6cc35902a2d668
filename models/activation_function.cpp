#include <gradus/graph/suggest.h>
#include <gradus/models/activation_function.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>

#include <array>

namespace gradus {

namespace {

using Function = Variable (*)(const Operand&);

constexpr std::array<std::string_view, 7> kNames = {"linear",  "relu",        "sigmoid",    "tanh",
                                                    "softmax", "log_softmax", "exponential"};
constexpr std::array<Function, 7> kFunctions = {
    nullptr,
    relu,
    sigmoid,
    tanh,
    [](const Operand& x) { return softmax(x); },
    [](const Operand& x) { return log_softmax(x); },
    exp,
};

}  // namespace

ActivationFunction::ActivationFunction(std::string_view name) {
  const std::size_t i = find_name("activation", name, kNames);
  name_ = kNames[i];
  if (kFunctions[i] != nullptr) function_ = kFunctions[i];
}

}  // namespace gradus
