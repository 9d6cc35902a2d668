#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

// What the handles of one optimizer share. The slots' tensors lie parameter by parameter.
struct Optimizer::State {
  std::shared_ptr<const Kind> kind = {};
  LearningRate learning_rate = 0;
  WeightDecayExclusion undecayed = {};
  std::int64_t steps = 0;                   // all of them: Keras's variable "iteration"
  Variables parameters = {};                // empty: not built
  std::vector<const Buffer*> buffers = {};  // of the parameters' values, sorted
  std::vector<double> decays = {};          // the weight decay of each parameter; empty: none has one
  std::vector<Kind::Slot> slots = {};
  std::vector<Tensor> tensors = {};
  std::vector<double> shared = {};    // as the kind lists them
  std::vector<Tensor> averages = {};  // one for each parameter, or none
  std::vector<Tensor> gathered = {};

  // What stays when the parameters are forgotten.
  State unbuilt() const;
  // The state for these parameters.
  State built_for(const Variables& given) const;

  // The name of the parameter, "parameter_3" for one without.
  std::string parameter_name(std::size_t place) const;
  // The tensors in the order in which they are saved; they share their buffers with those here.
  std::vector<NamedState> saved_tensors() const;

  const OptimizerOptions& options() const { return kind->options(); }
  // How many updates were made.
  std::int64_t updates() const { return steps / options().gradient_accumulation_steps.value_or(1); }
  // Takes up the parameters' values after a step that is not counted yet, and overwrites them when it is
  // time.
  void follow_averages();
  void take_averages();
};

}  // namespace gradus
