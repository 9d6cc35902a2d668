#pragma once

// What the records of ops of one kind have in common: their samples and their errors.

#include <gradus/ops/catalogue.h>
#include <gradus/ops/loss.h>

namespace gradus::samples {

struct Range {
  double low = -2;
  double high = 2;
};

using Unary = std::function<Variable(const Variable&)>;
using Binary = std::function<Variable(const Variable&, const Variable&)>;

// float32 values in [low, high).
Tensor uniform(Random& random, const Shape& shape, Range range = {});
// The same with random signs: values whose distance from 0 lies in [low, high), for ops with a kink or a pole
// at 0.
Tensor away_from_zero(Random& random, const Shape& shape, Range range = {.low = 0.2, .high = 2});
// Values of which no two are nearer than `gap`: in random order, for ops that choose among values.
Tensor distinct(Random& random, const Shape& shape, double gap = 0.2);

using Samples = std::function<std::vector<OpSample>(Random&, std::int64_t n)>;
using Draw = std::function<Tensor(Random&, const Shape&)>;

// A function of one operand at ranks 0 to 4, and empty.
Samples unary(Unary function, Draw draw);
Samples unary(Unary function, Range range = {});
// A function of two operands that broadcast in every way, and empty; each operand has its own range.
Samples binary(Binary function, Draw a, Draw b);
Samples binary(Binary function, Range a = {}, Range b = {});

// A function along one axis, such as softmax: every axis of ranks 1 to 4, and empty.
using AlongAxis = std::function<Variable(const Variable&, std::int64_t axis)>;
Samples along_axis(AlongAxis function);
std::vector<OpError> along_axis_errors(AlongAxis function);

// A reduction over axes: none, one, several, kept or not, and empty where `takes_empty`.
using Reduce = std::function<Variable(const Variable&, const Axes& axis, bool keepdims)>;
Samples reduction(Reduce function, Draw draw, bool takes_empty);
std::vector<OpError> reduction_errors(Reduce function);

// A loss of two operands of one shape: reductions, weights, ranks 0 to 3, and empty; each operand is drawn
// its own way.
using LossCall =
    std::function<Variable(const Variable& y_true, const Variable& y_pred, Reduction, const Tensor& weight)>;
Samples loss(LossCall function, Draw y_true, Draw y_pred);
std::vector<OpError> loss_errors(LossCall function);

// The samples of both.
Samples joined(Samples first, Samples second);

// Booleans, and two dtypes or shapes that do not go together.
std::vector<OpError> unary_errors(Unary function);
std::vector<OpError> binary_errors(Binary function);

// So many operations an element of the result, or of the first operand.
std::function<double(const OpSample&, const Tensor&)> flops_per_element(double count);
std::function<double(const OpSample&, const Tensor&)> flops_of_operand(double count);

}  // namespace gradus::samples
