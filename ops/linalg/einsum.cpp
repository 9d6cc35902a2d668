#include <gradus/graph/error.h>
#include <gradus/graph/expansion.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/einsum_operands.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

namespace {

using kernels::extents_of;
using kernels::Factor;
using kernels::Labels;

bool contains(const Labels& labels, int label) { return std::ranges::find(labels, label) != labels.end(); }

Labels joined(const Labels& a, const Labels& b, const Labels& c = {}) {
  Labels all = a;
  all.insert(all.end(), b.begin(), b.end());
  all.insert(all.end(), c.begin(), c.end());
  return all;
}

// x's axes in the order of `wanted`, a permutation of its labels.
Variable arranged(const Factor& x, const Labels& wanted) {
  if (x.labels == wanted) return x.value;
  Axes axes(wanted.size(), 0);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    axes[i] = std::ranges::find(x.labels, wanted[i]) - x.labels.begin();
  }
  return transpose(x.value, {.axes = std::move(axes)});
}

Factor summed(const Factor& x, const Labels& needed) {
  Factor result;
  std::vector<std::int64_t> axes;
  for (std::size_t i = 0; i < x.labels.size(); ++i) {
    if (contains(needed, x.labels[i])) {
      result.labels.push_back(x.labels[i]);
    } else {
      axes.push_back(static_cast<std::int64_t>(i));
    }
  }
  result.value = axes.empty() ? x.value : sum(x.value, {.axis = Axes(std::span<const std::int64_t>(axes))});
  return result;
}

// The product of two factors, summed over what they share and nobody needs: a batch of matrix products
// [batch, free of a, summed] x [batch, summed, free of b].
Factor contracted(const Call& call, const Factor& a, const Factor& b, const Labels& needed) {
  Labels batch, inner, free_a, free_b;
  for (const int label : a.labels) {
    Labels& list = !contains(b.labels, label) ? free_a : contains(needed, label) ? batch : inner;
    list.push_back(label);
  }
  for (const int label : b.labels) {
    if (!contains(a.labels, label)) free_b.push_back(label);
  }
  const auto elements = [&](const Factor& x, const Labels& labels) {
    return kernels::elements(call, extents_of(x, labels));
  };
  const std::int64_t count = elements(a, batch), rows = elements(a, free_a), k = elements(a, inner),
                     columns = elements(b, free_b);
  const Variable left = reshape(arranged(a, joined(batch, free_a, inner)), {count, rows, k});
  const Variable right = reshape(arranged(b, joined(batch, inner, free_b)), {count, k, columns});
  Variable product;
  if (inner.empty()) {
    product = multiply(left, right);  // [count, rows, 1] x [count, 1, columns]
  } else if (batch.empty()) {
    product = matmul(reshape(left, {rows, k}), reshape(right, {k, columns}));
  } else {
    product = matmul(left, right);
  }
  const Dims a_dims = extents_of(a, joined(batch, free_a));
  const Dims b_dims = extents_of(b, free_b);
  Dims dims(a_dims.size() + b_dims.size(), 0);
  std::ranges::copy(b_dims, std::ranges::copy(a_dims, dims.begin()).out);
  kernels::elements(call, dims);
  return {reshape(product, dims), joined(batch, free_a, free_b)};
}

}  // namespace

Variable einsum(std::string_view subscripts, const std::vector<Operand>& operands) {
  if (operands.empty()) throw ValueError("einsum: the list of operands is empty");
  const Expansion op({.name = "einsum", .takes = Takes::numbers}, operands);
  const kernels::EinsumSubscripts parsed = kernels::parse_einsum(subscripts, op.call());
  const kernels::EinsumOperands all(op, parsed);
  const Labels result = kernels::labels_of(parsed.result, all.broadcast_axes());
  Factor product;
  for (std::size_t i = 0; i < op.size(); ++i) {
    Labels needed = result;
    for (std::size_t later = i + 1; later < op.size(); ++later) needed = joined(needed, all.labels(later));
    const Factor next = summed(all.factor(i), joined(needed, product.labels));
    product = i == 0 ? next : contracted(op.call(), product, next, needed);
  }
  return op.named(arranged(product, result));
}

namespace records {

OpInfo einsum() {
  const auto by = [](const std::string& subscripts, const std::vector<Shape>& shapes) -> record::Case {
    return {"subscripts = '" + subscripts + "'", shapes, [=](std::span<const Variable> v) {
              return gradus::einsum(subscripts, std::vector<Operand>(v.begin(), v.end()));
            }};
  };
  record::Case mixed = by("i,i", {{2}, {2}});
  mixed.draws = {record::ones(), record::ones(DType::float64)};
  return record::cases(
      {.signature = "(subscripts, {a, b, ..})",
       .formula = "products of all operands' elements, summed over the letters that the result lacks",
       .gradient = "of each operand: einsum of g and the other operands, with its letters for the result",
       .shapes = "as the subscripts say",
       .flops =
           [](const OpSample& sample, const Tensor& y) {
             return 2 * static_cast<double>(sample.inputs.front().size()) * static_cast<double>(y.size());
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by("ij,jk->ik", {{n, n}, {n, n}}),
                by("ij,jk", {{2, n}, {n, 3}}),
                by("ba", {{2, n}}),
                by("bij,bjk->bik", {{2, 3, n}, {2, n, 2}}),
                by("ii", {{n, n}}),
                by("ii->i", {{n, n}}),
                by("iji->j", {{n, 2, n}}),
                by("ijij,kk->i", {{2, 3, 2, 3}, {n, n}}),
                by("iiij->ji", {{2, 2, 2, n}}),
                by("i,i", {{n}, {n}}),
                by("i,j->ij", {{n}, {3}}),
                by("ij,ij->ij", {{2, n}, {2, n}}),
                by("ij->", {{2, n}}),
                by("ij->j", {{2, n}}),
                by(" i j , j -> i ", {{2, n}, {n}}),
                by("...ij,...jk->...ik", {{2, 1, 2, n}, {3, n, 2}}),
                by("...i,i...", {{2, 3, n}, {n, 1, 3}}),
                by("...,...->...", {{2, 1}, {n}}),
                by("i...->...", {{2, n}}),
                by("...ii->...i", {{2, n, n}}),
                by("i->...i", {{n}}),
                by("ij,jk,kl->il", {{2, n}, {n, 3}, {3, 2}}),
                by("ij,ik,il,i->jkl", {{n, 2}, {n, 3}, {n, 2}, {n}}),
                by("i,j,k->kji", {{2}, {3}, {2}}),
                by("bhqd,bhkd->bhqk", {{1, 2, 3, n}, {1, 2, 2, n}}),
                by("Ab,bC", {{2, n}, {n, 3}}),
                by(",i->i", {{}, {n}}),
                by("->", {{}}),
                by("ij,jk->ik", {{2, 0}, {0, 3}}),
                by("ij,j->ij", {{0, 3}, {3}})};
      },
      {{"'ij,j1->i': '1' at position 4 is no letter", by("ij,j1->i", {{2, 2}, {2, 2}})},
       {"'ij-': '-' at position 2 is not followed by '>'", by("ij-", {{2, 2}})},
       {"'ij>i': '>' at position 2 does not follow '-'", by("ij>i", {{2, 2}})},
       {"'i->i->i': '->' at position 4 is the second", by("i->i->i", {{2}})},
       {"'i->i,i': ',' at position 4 stands in the result", by("i->i,i", {{2}})},
       {"'i..->i': '.' at position 1 is not part of '...'", by("i..->i", {{2}})},
       {"'...i...': '...' at position 4 is the second of its operand", by("...i...", {{2}})},
       {"'...->......': '...' at position 8 is the second of its result", by("...->......", {{2}})},
       {"'ij->iz': 'z' at position 5 is in no operand", by("ij->iz", {{2, 2}})},
       {"'ij->ii': 'i' at position 5 stands twice in the result", by("ij->ii", {{2, 2}})},
       {"'...i->i': '...' is missing from the result", by("...i->i", {{2, 2}})},
       {"'ij,jk': there are subscripts for 2 operands, and 1 operands", by("ij,jk", {{2, 2}})},
       {"'ijk' does not name the axes of x: x is [2, 2]", by("ijk", {{2, 2}})},
       {"'ij...' does not name the axes of b: a is [2], b is [2]", by("i,ij...", {{2}, {2}})},
       {"'j' has the extents 3 and 4: a is [2, 3], b is [4, 5]", by("ij,jk->ik", {{2, 3}, {4, 5}})},
       {"'i' has the extents 2 and 3: x is [2, 3]", by("ii", {{2, 3}})},
       {"the axes of '...' do not broadcast: a is [2], b is [3]", by("...,...", {{2}, {3}})},
       {"the list of operands is empty", by("", {})},
       {"the operands' dtypes differ: a is float32, b is float64", mixed}});
}

}  // namespace records

}  // namespace gradus
