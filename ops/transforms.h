#pragma once

// Derivatives of functions, made of `gradients`. A function is anything callable with the Variables it takes
// (up to four, or a span of them); it is called on copies of the inputs cut off from the graph, so inputs may
// be constants, and results are constants. With {.create_graph = true} an input that wants a gradient is
// passed as it is and the results can be differentiated in turn: transforms nest.
//
// ValueError: no inputs, or a list of another length than the inputs'. ShapeError, DTypeError: a tangent,
// cotangent or vector unlike its input or result; a result that must be a scalar and is none; an input or a
// result that is no float. A result that depends on no input has derivatives of zeros.

#include <gradus/graph/function.h>
#include <gradus/graph/variable.h>

#include <vector>

namespace gradus {

struct TransformOptions {
  bool create_graph = false;  // record the computation of the derivatives
};

struct ValueAndGradients {
  Variable value;
  std::vector<Variable> gradients;  // one for each input
};
// The value of a scalar function and its gradients. Costs a forward and a backward pass.
ValueAndGradients value_and_gradients(const Function& f, const Variables& inputs,
                                      TransformOptions options = {});

struct VectorJacobian {
  Variable value;
  std::vector<Variable> products;  // one for each input
};
// The cotangent times the Jacobian, u^T J: of the value's shape, gives the inputs' shapes. Costs a forward
// and a backward pass.
VectorJacobian vjp(const Function& f, const Variables& inputs, const Variable& cotangent,
                   TransformOptions options = {});

struct JacobianVector {
  Variable value;
  Variable product;
};
// The Jacobian times the tangents, J v, the derivative along them: one tangent of each input's shape. Made of
// two backward passes (u^T J is linear in u, and its derivative with respect to u along v is J v), so it
// costs a forward pass, a recorded backward pass, and one through that. Source: J. Townsend, "A new trick for
// calculating Jacobian vector products", 2017.
JacobianVector jvp(const Function& f, const Variables& inputs, const Variables& tangents,
                   TransformOptions options = {});

// All derivatives of the value with respect to the input, of shape [value.., input..]. Costs a forward pass
// and a backward pass for each element of the value.
Variable jacobian(const Function& f, const Variable& input, TransformOptions options = {});
// The same with respect to each of several inputs, for the same number of passes.
std::vector<Variable> jacobians(const Function& f, const Variables& inputs, TransformOptions options = {});

// The second derivatives of a scalar function, of shape [input.., input..]. Costs a forward pass, a recorded
// backward pass, and one through both for each element of the input.
Variable hessian(const Function& f, const Variable& input, TransformOptions options = {});

// The Hessian of a scalar function times vectors of the inputs' shapes, without the Hessian: a forward pass,
// a recorded backward pass and one through both, whatever the inputs' size. For several inputs the products
// run over all of them together: result i is the sum over j of d2f/dx_i dx_j v_j.
Variable hessian_vector_product(const Function& f, const Variable& input, const Variable& vector,
                                TransformOptions options = {});
std::vector<Variable> hessian_vector_products(const Function& f, const Variables& inputs,
                                              const Variables& vectors, TransformOptions options = {});

}  // namespace gradus
