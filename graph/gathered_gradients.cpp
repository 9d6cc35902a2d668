#include <gradus/graph/gathered_gradients.h>

#include <algorithm>
#include <cstring>

namespace gradus {

namespace {

// Rows of one width, none of which stands twice, as a whole table: copied to their places, zero elsewhere.
// Undefined where they are not such.
Tensor laid_side_by_side(const Tensor& value, std::span<const RowGradient> all) {
  if (all.front().rows.size() == 0) return {};
  const std::int64_t width = all.front().rows.size() / all.front().indices.size();
  const std::size_t bytes = static_cast<std::size_t>(width) * item_size(value.dtype());
  PoolVector<const std::byte*> sources(static_cast<std::size_t>(value.size() / width), nullptr);
  for (const RowGradient& rows : all) {
    if (rows.rows.size() != width * rows.indices.size()) return {};
    const std::byte* from = rows.rows.buffer()->data();
    for (const std::int64_t index : rows.indices.values<std::int64_t>()) {
      if (std::exchange(sources[static_cast<std::size_t>(index)], from) != nullptr) return {};
      from += bytes;
    }
  }
  Tensor table = Tensor::empty_like(value);
  std::byte* to = table.buffer()->data();
  for (const std::byte* source : sources) {
    if (source != nullptr) {
      std::memcpy(to, source, bytes);
    } else {
      std::memset(to, 0, bytes);
    }
    to += bytes;
  }
  return table;
}

}  // namespace

void GatheredGradients::add_recorded(std::size_t place, const Tensor& gradient) {
  add(place, Variable(gradient));
}

void GatheredGradients::add_rows(std::size_t place, RowGradient gradient) {
  rows_.push_back({place, std::move(gradient)});
}

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
  Tensor table = laid_side_by_side(value, all);
  if (!table.defined()) {
    table = Tensor::zeros(value.shape(), value.dtype());
    for (const RowGradient& rows : all) gradus::add_rows(table, rows);
  }
  add(place, std::move(table));
}

}  // namespace gradus
