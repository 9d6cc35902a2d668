#include "torch_calls.h"

namespace gradus::bench {

Calls linalg_calls() {
  return {
      {"matmul", [](const Tensors& x) { return at::matmul(x[0], x[1]); }},
      {"dense", [](const Tensors& x) { return at::addmm(x[2], x[0], x[1]); }},
      {"dot", [](const Tensors& x) { return at::dot(x[0], x[1]); }},
      {"outer", [](const Tensors& x) { return at::outer(x[0], x[1]); }},
      {"einsum",
       [](const Tensors& x) {
         return at::einsum("bij,bjk->bik", {x[0], x[1]});
       }},
      {"tensordot",
       [](const Tensors& x) {
         return at::tensordot(x[0], x[1], {1, 2}, {0, 1});
       }},
      {"kron", [](const Tensors& x) { return at::kron(x[0], x[1]); }},
      {"cross", [](const Tensors& x) { return at::linalg_cross(x[0], x[1]); }},
      {"trace", [](const Tensors& x) { return at::trace(x[0]); }},
      {"diag", [](const Tensors& x) { return at::diag(x[0]); }},
      {"diagonal",
       {[](const Tensors& x) { return at::diagonal(x[0]).clone(at::MemoryFormat::Contiguous); }, kCopied}},
      {"tril", [](const Tensors& x) { return at::tril(x[0]); }},
      {"triu", [](const Tensors& x) { return at::triu(x[0]); }},
      {"inverse", [](const Tensors& x) { return at::linalg_inv(x[0]); }},
      {"solve", [](const Tensors& x) { return at::linalg_solve(x[0], x[1]); }},
      {"cholesky", [](const Tensors& x) { return at::linalg_cholesky(x[0]); }},
      {"det", [](const Tensors& x) { return at::linalg_det(x[0]); }},
      {"logdet", [](const Tensors& x) { return at::logdet(x[0]); }},
      {"qr",
       [](const Tensors& x) {
         auto [q, r] = at::linalg_qr(x[0]);
         return Tensors{q, r};
       }},
      {"svd",
       [](const Tensors& x) {
         auto [u, s, vh] = at::linalg_svd(x[0], false);
         return Tensors{u, s, vh};
       }},
      {"eigh",
       [](const Tensors& x) {
         auto [w, v] = at::linalg_eigh(x[0]);
         return Tensors{w, v};
       }},
  };
}

}  // namespace gradus::bench
