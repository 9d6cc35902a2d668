#include "our_calls.h"

#include <gradus/ops/linalg.h>

namespace gradus::bench {

Calls linalg_calls() {
  return {
      {"matmul", [](In x, const Case&) { return matmul(x[0], x[1]); }},
      {"dense", [](In x, const Case&) { return dense(x[0], x[1], x[2]); }},
      {"dot", [](In x, const Case&) { return dot(x[0], x[1]); }},
      {"outer", [](In x, const Case&) { return outer(x[0], x[1]); }},
      {"einsum",
       [](In x, const Case&) {
         return einsum("bij,bjk->bik", {x[0], x[1]});
       }},
      {"tensordot", [](In x, const Case&) { return tensordot(x[0], x[1]); }},
      {"kron", [](In x, const Case&) { return kron(x[0], x[1]); }},
      {"cross", [](In x, const Case&) { return cross(x[0], x[1]); }},
      {"trace", [](In x, const Case&) { return trace(x[0]); }},
      {"diag", [](In x, const Case&) { return diag(x[0]); }},
      {"diagonal", [](In x, const Case&) { return diagonal(x[0]); }},
      {"tril", [](In x, const Case&) { return tril(x[0]); }},
      {"triu", [](In x, const Case&) { return triu(x[0]); }},
      {"inverse", [](In x, const Case&) { return inverse(x[0]); }},
      {"solve", [](In x, const Case&) { return solve(x[0], x[1]); }},
      {"cholesky", [](In x, const Case&) { return cholesky(x[0]); }},
      {"det", [](In x, const Case&) { return det(x[0]); }},
      {"logdet", [](In x, const Case&) { return logdet(x[0]); }},
      {"qr",
       [](In x, const Case&) {
         auto [q, r] = qr(x[0]);
         return std::vector<Variable>{q, r};
       }},
      {"svd",
       [](In x, const Case&) {
         auto [u, s, vh] = svd(x[0], {.full_matrices = false});
         return std::vector<Variable>{u, s, vh};
       }},
      {"eigh",
       [](In x, const Case&) {
         auto [w, v] = eigh(x[0]);
         return std::vector<Variable>{w, v};
       }},
  };
}

}  // namespace gradus::bench
