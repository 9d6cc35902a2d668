#include <gradus/graph/suggest.h>
#include <gradus/optim/adadelta.h>
#include <gradus/optim/adagrad.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/adamax.h>
#include <gradus/optim/adamw.h>
#include <gradus/optim/ftrl.h>
#include <gradus/optim/lion.h>
#include <gradus/optim/nadam.h>
#include <gradus/optim/rmsprop.h>
#include <gradus/optim/sgd.h>

#include <array>

namespace gradus {

namespace {

template <class T>
Optimizer make() {
  return T();
}

Optimizer named(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "adadelta", "adagrad", "adam", "adamax", "adamw", "ftrl", "lion", "nadam", "rmsprop", "sgd"};
  static constexpr std::array<Optimizer (*)(), 10> kMakers = {
      make<Adadelta>, make<Adagrad>, make<Adam>,  make<Adamax>,  make<AdamW>,
      make<Ftrl>,     make<Lion>,    make<Nadam>, make<RMSprop>, make<SGD>};
  return kMakers[find_name("optimizer", name, kNames)]();
}

}  // namespace

Optimizer::Optimizer(const char* name) : Optimizer(named(name)) {}

Optimizer::Optimizer(const std::string& name) : Optimizer(named(name)) {}

}  // namespace gradus
