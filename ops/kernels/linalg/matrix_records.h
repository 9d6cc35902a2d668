#pragma once

#include <gradus/ops/records.h>

// What the records of the decompositions share.

namespace gradus::record {

// Matrices far from singular, their singular values and eigenvalues far from each other: on the diagonal
// 1.5, 2.5, …, and beside it small values of either sign. A symmetric part is positive definite.
Draw regular_matrices();

// A case of a function of matrices, which are drawn by `draw`.
inline auto matrix_case(UnaryFunction function) {
  return [=](const Shape& x, const Draw& draw = regular_matrices(), bool extreme = false) -> Case {
    return {"", {x}, [=](std::span<const Variable> v) { return function(v[0]); }, {draw}, extreme};
  };
}

// A case named by what is returned of the results: "part = 's'".
inline Case part(std::string name, const Shape& x, const Unary& call) {
  return {"part = '" + std::move(name) + "'",
          {x},
          [=](std::span<const Variable> v) { return call(v[0]); },
          {regular_matrices()}};
}

}  // namespace gradus::record
