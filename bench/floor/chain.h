#pragma once

namespace gradus::bench {

// Builds, differentiates and frees a chain of `nodes` dependent sums (or products) of 4 x 4 matrices that all
// want gradients, in an engine of its own that has only what Gradus's design cannot do without: operands with
// source lines, dtype dispatch, shape and version checks, virtual ops, gradients carried as variables, counted
// references, pooled nodes and buffers. Returns the sum of the leaf's gradient, so that nothing is left out.
double chain_of_sums(int nodes);
double chain_of_products(int nodes);

}  // namespace gradus::bench
