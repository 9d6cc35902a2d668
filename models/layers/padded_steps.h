#pragma once

#include <gradus/graph/operand.h>

#include <optional>

namespace gradus {

// Note [Padded sequences]
// Where the steps that count come before the others in each sample, as in texts that are padded at the end,
// no output that counts depends on a step that does not. So all steps are run at once, and the outputs behind
// the last one that counts are replaced by it: the same numbers as step by step, much sooner.
class PaddedSteps {
 public:
  // Of a mask [batch, time] in the order in which the steps are run; nothing when it is another one.
  static std::optional<PaddedSteps> find(const Tensor& mask);

  // What the outputs [batch, time, size] of all steps are with the mask: the last one that counts is given
  // again, or `before` [batch, size] where none does.
  Variable last(const Operand& outputs, const Operand& before) const;  // [batch, size]
  Variable all(const Operand& outputs, const Operand& before) const;
  // The same with zeros for steps that do not count.
  Variable last_or_zero(const Operand& outputs) const;
  Variable all_or_zero(const Operand& outputs) const;

 private:
  Tensor counts_;      // [batch, time, 1]
  Tensor last_;        // the place of the last step that counts, or 0: int64 [batch, 1, 1]
  Tensor any_counts_;  // [batch, 1, 1]
};

}  // namespace gradus
