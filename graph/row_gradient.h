#pragma once

#include <gradus/graph/tensor.h>

namespace gradus {

// The gradient of a table of which only some rows were used: zero but for those. A row that stands several
// times counts as often. What backward leaves in a large embedding: the whole table is not touched, unless
// someone reads `grad()`.
struct RowGradient {
  Tensor indices = {};  // int64 [n], within the table
  Tensor rows = {};     // [n, row..], of the table's dtype
};

// table[indices[i]] += factor * rows[i], in order; the version of `table` stays. REQUIRES indices within the
// table.
void add_rows(Tensor& table, const RowGradient& gradient, double factor = 1);

}  // namespace gradus
