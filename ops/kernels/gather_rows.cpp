#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/gather_rows.h>

#include <algorithm>
#include <cstring>

namespace gradus::kernels {

namespace {

class RowsOp : public Op {
 public:
  RowsOp(Tensor indices, std::int64_t width, Shape shape)
      : indices_(std::move(indices)), width_(width), shape_(std::move(shape)) {}
  Shape infer_shape(const Call& /*call*/) const override { return shape_; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }

 protected:
  Tensor indices_;
  std::int64_t width_;
  Shape shape_;
};

class Gather : public RowsOp {
 public:
  using RowsOp::RowsOp;
  std::string_view name() const override { return "gather"; }
  void forward(Forward& forward) const override {
    gather_rows_into(forward.value(0), indices_, width_, forward.output());
  }
  void vjp(Backward& b) const override {
    b.give(0, scatter_rows(b.gradient(), indices_, width_, b.shape(0)));
  }
};

class Scatter : public RowsOp {
 public:
  using RowsOp::RowsOp;
  std::string_view name() const override { return "scatter"; }
  void forward(Forward& forward) const override {
    const Tensor& x = forward.value(0);
    Tensor& out = forward.output();
    std::memset(out.buffer()->data(), 0, out.bytes());
    dispatch_floating(x.dtype(), [&]<class T>() {
      const T* from = x.raw<T>();
      for (const std::int64_t row : indices_.values<std::int64_t>()) {
        T* to = out.raw<T>() + row * width_;
        for (std::int64_t j = 0; j < width_; ++j) to[j] += from[j];
        from += width_;
      }
    });
  }
  void vjp(Backward& b) const override { b.give(0, gather_rows(b.gradient(), indices_, width_, b.shape(0))); }
};

}  // namespace

void gather_rows_into(const Tensor& x, const Tensor& indices, std::int64_t width, Tensor& out) {
  const std::size_t bytes = static_cast<std::size_t>(width) * item_size(x.dtype());
  if (out.size() == 0) return;
  std::byte* to = out.buffer()->data();
  for (const std::int64_t row : indices.values<std::int64_t>()) {
    std::memcpy(to, x.buffer()->data() + static_cast<std::size_t>(row) * bytes, bytes);
    to += bytes;
  }
}

Variable gather_rows(const Variable& x, const Tensor& indices, std::int64_t width, const Shape& shape) {
  return apply(Gather(indices, width, shape), {x});
}

Variable scatter_rows(const Variable& x, const Tensor& indices, std::int64_t width, const Shape& shape) {
  return apply(Scatter(indices, width, shape), {x});
}

}  // namespace gradus::kernels
