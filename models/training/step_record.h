#pragma once

#include <gradus/graph/variable.h>

#include <utility>
#include <vector>

namespace gradus {

// What layers leave beside their outputs while a model runs a step: terms of the loss, and values that
// weights outside the optimizer's care are to have once the step is known to be good.
struct StepRecord {
  std::vector<Variable> losses = {};
  std::vector<std::pair<Parameter, Tensor>> updates = {};

  void clear() {
    losses.clear();
    updates.clear();
  }

  // While one lives, this thread's layers write into `record`.
  class Scope {
   public:
    explicit Scope(StepRecord& record) : before_(std::exchange(current(), &record)) { record.clear(); }
    ~Scope() { current() = before_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    StepRecord* before_;
  };
  // nullptr outside any scope.
  static StepRecord*& current();
};

}  // namespace gradus
