#include <gradus/graph/gathered_gradients.h>

#include <algorithm>

namespace gradus {

bool GatheredGradients::has_rows(std::size_t place) const {
  return std::ranges::any_of(rows_, [&](const Rows& rows) { return rows.place == place; });
}

PoolVector<RowGradient> GatheredGradients::take_rows(std::size_t place) {
  PoolVector<RowGradient> result;
  if (rows_.empty() || sums_[place].defined()) return result;
  for (Rows& rows : rows_) {
    if (rows.place == place) result.push_back(std::exchange(rows.gradient, {}));
  }
  std::erase_if(rows_, [&](const Rows& rows) { return rows.place == place; });
  return result;
}

// Makes the rows that came to a place a whole gradient there.
void GatheredGradients::spread_rows(std::size_t place) {
  if (!has_rows(place)) return;
  Sum dense = std::exchange(sums_[place], Sum());
  const PoolVector<RowGradient> all = take_rows(place);
  sums_[place] = std::move(dense);
  const Tensor& value = order_.node(place).value();
  Tensor table = Tensor::zeros(value.shape(), value.dtype());
  for (const RowGradient& rows : all) gradus::add_rows(table, rows);
  add(place, std::move(table));
}

}  // namespace gradus
