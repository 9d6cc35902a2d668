#include <gradus/models/data/csv_rows.h>
#include <gradus/models/data/read_csv.h>

#include <algorithm>
#include <cstring>

namespace gradus::data {

namespace {

// Values that come one row after the other, in blocks: growing moves none of them.
template <class T>
class Blocks {
 public:
  explicit Blocks(std::size_t width)
      : width_(width), rows_(std::max<std::size_t>(1, kValues / std::max<std::size_t>(1, width))) {}

  T* add_row() {
    if (count_ % rows_ == 0) blocks_.emplace_back(rows_ * width_);
    return blocks_.back().data() + count_++ % rows_ * width_;
  }
  std::size_t count() const { return count_; }
  // All rows in one tensor; each block is freed once it has been copied.
  Tensor take(const Shape& shape) {
    Tensor result = Tensor::empty(shape, dtype_of<T>());
    T* out = result.raw<T>();
    std::size_t left = count_ * width_;
    for (std::vector<T>& block : blocks_) {
      const std::size_t size = std::min(left, block.size());
      out = std::copy_n(block.data(), size, out);
      left -= size;
      std::vector<T>().swap(block);
    }
    return result;
  }

 private:
  static constexpr std::size_t kValues = 65536;
  std::size_t width_;
  std::size_t rows_;  // a block
  std::size_t count_ = 0;
  std::vector<std::vector<T>> blocks_;
};

std::vector<std::string> texts_of(const CsvRows::Column& column) {
  std::vector<std::string> texts(column.codes.size());
  if (column.grows) {
    std::transform(column.codes.begin(), column.codes.end(), texts.begin(),
                   [](const auto& each) { return each.first; });
  } else {
    for (const auto& [text, code] : column.codes) texts[static_cast<std::size_t>(code)] = text;
  }
  return texts;
}

// Codes were given as texts occurred; now they become places in ascending order.
template <class T>
void sort_codes(const CsvRows::Column& column, T* values, std::size_t count, std::size_t stride) {
  if (!column.grows) return;
  std::vector<T> place(column.codes.size());
  T next = 0;
  for (const auto& [text, code] : column.codes) place[static_cast<std::size_t>(code)] = next++;
  for (std::size_t i = 0; i < count; ++i)
    values[i * stride] = place[static_cast<std::size_t>(values[i * stride])];
}

template <class X, class Y>
CsvTable read(CsvRows& rows, const CsvOptions& options) {
  const std::size_t width = rows.columns().size();
  Blocks<X> x(width);
  Blocks<Y> y(1);
  const std::size_t row_bytes =
      std::max<std::size_t>(1, width * sizeof(X) + (rows.has_target() ? sizeof(Y) : 0));
  while (rows.next()) {
    if (x.count() >= options.max_bytes / row_bytes) {
      rows.fail("its values take more than the " + std::to_string(options.max_bytes) + " bytes of max_bytes");
    }
    rows.read(x.add_row());
    if (rows.has_target()) *y.add_row() = rows.template read_target<Y>();
  }
  CsvTable table;
  const std::size_t count = x.count();
  table.x = x.take(Shape{count, width});
  for (std::size_t j = 0; j < width; ++j) {
    sort_codes(rows.columns()[j], table.x.raw<X>() + j, count, width);
    if (rows.has_names()) table.names.push_back(rows.columns()[j].name);
  }
  if (!rows.has_target()) return table;
  table.y = y.take(Shape{count});
  sort_codes(rows.target(), table.y.raw<Y>(), count, 1);
  table.classes = texts_of(rows.target());
  return table;
}

}  // namespace

CsvTable read_csv(const std::string& path, const CsvOptions& options) {
  CsvRows rows(path, options);
  const DType target = rows.has_target() ? rows.target_dtype() : DType::int64;
  CsvTable table = dispatch_numeric(options.dtype, [&]<class X>() {
    return target == DType::int64 ? read<X, std::int64_t>(rows, options) : read<X, X>(rows, options);
  });
  table.categories = options.categories;
  for (CsvCategories& categories : table.categories) {
    for (const CsvRows::Column& column : rows.columns()) {
      if (rows.is(column, categories.column)) categories.texts = texts_of(column);
    }
    if (rows.has_target() && rows.is(rows.target(), categories.column)) categories.texts = table.classes;
  }
  return table;
}

}  // namespace gradus::data
