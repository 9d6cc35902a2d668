#pragma once

// How records of ops of one kind are made: a record says what is its own, and the kind adds the samples and
// errors that all of them have. What operands hold is drawn by a Draw.

#include <gradus/ops/catalogue.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>

namespace gradus::record {

// Draws the float32 values of an operand.
using Draw = std::function<Tensor(Random&, const Shape&)>;

Draw uniform(double low = -2, double high = 2);
// Values of either sign whose distance from 0 lies in [low, high): for ops with a kink or a pole at 0.
Draw away_from_zero(double low = 0.2, double high = 2);
// Values of which no two are nearer than `gap`, in random order: for ops that choose among values.
Draw distinct(double gap = 0.2);
// Zeros and ones.
Draw zeros_and_ones();
// Rows of positive values that sum to 1.
Draw distributions();
// int64 values in [low, high).
Draw integers(std::int64_t low, std::int64_t high);
Draw booleans();
Draw ones(DType dtype = DType::float32);
// These values, whatever the shape.
Draw constant(Tensor values);

// A function with some of its arguments fixed, and these as text: {"negative_slope = 0.1", …}.
using Unary = std::function<Variable(const Variable&)>;
struct Variant {
  std::string arguments;
  Unary call;
};
using UnaryFunction = Variable (*)(const Operand&);

// One operand: ranks 0 to 4, empty tensors, extreme values.
OpInfo unary(UnaryFunction function, OpInfo about, const Draw& draw = uniform());
OpInfo unary(const std::vector<Variant>& variants, OpInfo about, const Draw& draw = uniform());

// Two operands that broadcast in every way, empty ones, extreme values.
using Binary = std::function<Variable(const Variable&, const Variable&)>;
using BinaryFunction = Variable (*)(const Operand&, const Operand&);
OpInfo binary(BinaryFunction function, OpInfo about, const Draw& a = uniform(), const Draw& b = uniform());
// A binary op that has no gradient.
OpInfo comparison(BinaryFunction function, OpInfo about, const Draw& a = uniform(),
                  const Draw& b = uniform());

// Along one axis, such as softmax and cumsum: every axis of ranks 1 to 4, and empty tensors.
using AlongAxis = std::function<Variable(const Variable&, std::int64_t axis)>;
OpInfo along_axis(const AlongAxis& function, OpInfo about, const Draw& draw = uniform());

// Over axes: all, one, several, kept or not; over no values where `takes_empty`.
using Reduce = std::function<Variable(const Variable&, const Axes& axis, bool keepdims)>;
using Reducer = Variable (*)(const Operand&, ReduceOptions);
struct ReductionKind {
  bool takes_empty = true;
  bool takes_booleans = false;
};
OpInfo reduction(Reducer function, OpInfo about, const Draw& draw = uniform(), ReductionKind kind = {});
OpInfo reduction(const Reduce& function, OpInfo about, const Draw& draw = uniform(), ReductionKind kind = {});

// A loss of (y_true, y_pred) of one shape: reductions, weights, ranks 0 to 3, and empty.
using LossCall =
    std::function<Variable(const Variable& y_true, const Variable& y_pred, Reduction, const Tensor& weight)>;
using LossFunction = Variable (*)(const Operand&, const Operand&, LossOptions);
OpInfo loss(LossFunction function, OpInfo about, const Draw& y_true = uniform(),
            const Draw& y_pred = uniform());
// Several ways to call it, each with draws of its own.
struct LossVariant {
  std::string arguments;
  LossCall call;
  Draw y_true = uniform();
  Draw y_pred = uniform();
};
OpInfo loss(const std::vector<LossVariant>& variants, OpInfo about);

// Any other op: its cases are listed, and so are its misuses. Operands are drawn by `draws` in their order,
// uniformly (in misuses: ones) where there is none.
struct Case {
  std::string arguments;
  std::vector<Shape> shapes;
  Function call;
  std::vector<Draw> draws = {};
  bool extreme = false;
};
struct Misuse {
  std::string message;
  Case of;
};
using Cases = std::function<std::vector<Case>(std::int64_t n)>;
OpInfo cases(OpInfo about, const Cases& list, const std::vector<Misuse>& misuses);

// Adds cases to a record that a kind has made.
OpInfo with_cases(OpInfo record, const Cases& more);

// The misuse that every op refuses: operands that were never given a value.
std::vector<OpError> undefined_errors(const Function& call, const std::vector<Tensor>& inputs,
                                      const std::vector<std::string>& names);
// The same for an op of one operand that takes every dtype, by way of a Tensor and of a Parameter.
std::vector<OpError> undefined_errors(UnaryFunction function);

// So many operations an element of the first operand.
OpCost per_input(double count);

}  // namespace gradus::record
