#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/nn/index_values.h>
#include <gradus/ops/kernels/shape/gather.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace gradus {

namespace {

class Embedding : public Op {
 public:
  std::string_view name() const override { return "embedding"; }
  std::span<const std::string_view> operand_names() const override {
    static constexpr std::array<std::string_view, 2> kNames = {"table", "indices"};
    return kNames;
  }
  DType operand_dtype(const Call& call, std::size_t i) const override {
    return i == 0 ? call.common_floating_dtype(0, 0) : call.dtype(1);
  }
  Shape infer_shape(const Call& call) const override {
    const Shape &table = call.shape(0), &indices = call.shape(1);
    if (table.rank() != 2) throw call.shape_error("the table must be [rows, n]");
    Dims dims(indices.dims().size() + 1, table[1]);
    std::copy(indices.begin(), indices.end(), dims.begin());
    return Shape(std::move(dims));
  }
  void forward(Forward& forward) const override {
    Tensor indices = kernels::index_values(forward, 1, forward.shape(0)[0]);
    kernels::gather(forward.value(0), kernels::AxisSplit(forward.shape(0), 0), indices, forward.output());
    forward.save(std::move(indices));
  }
  void vjp(Backward& b) const override {
    if (b.needs(0)) give_table(b);
    if (b.needs(1)) b.give(1, Tensor::zeros(b.shape(1), b.input(1).dtype()));
  }

 private:
  // The rows of g, each added to the row it was taken from: the whole table is written only where that is
  // little more than the rows, or where the gradient is itself to be differentiated.
  static void give_table(Backward& b) {
    const Tensor& indices = b.saved(0);
    if (b.create_graph()) {
      const Tensor zeros = Tensor::zeros(b.shape(0), b.gradient_value().dtype());
      return b.give(0, scatter_add(zeros, indices, b.gradient()));
    }
    const RowGradient rows = {indices, b.gradient_value()};
    if (b.shape(0).elements() > kLargeTable * std::max<std::int64_t>(rows.rows.size(), 1)) {
      return b.give(0, rows);
    }
    b.give_by(0, [&](Tensor table, bool into) {
      if (!into) std::memset(table.buffer()->data(), 0, table.bytes());
      add_rows(table, rows);
    });
  }
  // How many times the rows used a table must hold to be large: below, adding rows one by one saves nothing.
  static constexpr std::int64_t kLargeTable = 4;
};

}  // namespace

Variable embedding(const Operand& table, const Operand& indices) {
  return apply(Embedding(), {table, indices});
}

namespace records {

OpInfo embedding() {
  const auto by = [](const Shape& table, const Shape& indices) -> record::Case {
    return {"",
            {table, indices},
            [](std::span<const Variable> v) { return gradus::embedding(v[0], v[1]); },
            {record::uniform(), record::integers(0, std::max<std::int64_t>(table[0], 1))}};
  };
  const auto at = [](const Shape& table, const Tensor& indices) -> record::Case {
    return {"",
            {table, indices.shape()},
            [](std::span<const Variable> v) { return gradus::embedding(v[0], v[1]); },
            {record::uniform(), record::constant(indices)}};
  };
  record::Case flat = by({2, 3}, {2});
  flat.shapes[0] = {6};
  return record::cases(
      {.signature = "(table, indices)",
       .formula = "y_i = table[indices_i]",
       .gradient = "dtable = the rows of g, each added where it was taken from",
       .shapes = "[rows, n], [..] -> [.., n]",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, 3}, {n}),    by({n, n}, {2, n}), by({3, 2}, {2, 1, n}),
                by({n, 3}, {}),     by({1, 2}, {3}),    at({3, 2}, Tensor({2, 0, 2, 2}, DType::int32)),
                by({n, 3}, {0, 2}), by({3, 0}, {2}),    at({n, 2}, Tensor({{1, 1}, {0, 3}}, DType::int64))};
      },
      {{"index 4 is out of range [0, 4)", at({4, 2}, Tensor({1, 4}, DType::int64))},
       {"index -1 is out of range [0, 4)", at({4, 2}, Tensor({-1}, DType::int32))},
       {"index 7.0 is out of range [0, 4)", at({4, 2}, {7})},
       {"index 0.5 is no whole number", at({4, 2}, {0, 0.5F})},
       {"index 0 is out of range [0, 0)", at({0, 2}, Tensor({0}, DType::int64))},
       {"the indices must be numbers: table is float32, indices is boolean",
        at({4, 2}, Tensor::ones({2}, DType::boolean))},
       {"the table must be [rows, n]: table is [6], indices is [2]", flat}});
}

}  // namespace records

}  // namespace gradus
