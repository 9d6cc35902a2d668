#include <gradus/graph/suggest.h>
#include <gradus/optim/adagrad.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/rmsprop.h>
#include <gradus/optim/sgd.h>

#include <array>

namespace gradus {

namespace {

Optimizer named(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kNames = {"adagrad", "adam", "rmsprop", "sgd"};
  static constexpr std::array<Optimizer (*)(), 4> kMakers = {
      [] { return Optimizer(Adagrad()); }, [] { return Optimizer(Adam()); },
      [] { return Optimizer(RMSprop()); }, [] { return Optimizer(SGD()); }};
  return kMakers[find_name("optimizer", name, kNames)]();
}

}  // namespace

Optimizer::Optimizer(const char* name) : Optimizer(named(name)) {}

Optimizer::Optimizer(const std::string& name) : Optimizer(named(name)) {}

}  // namespace gradus
