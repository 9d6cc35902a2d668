#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/shape/copy_bytes.h>
#include <gradus/ops/kernels/shape/results.h>
#include <gradus/ops/shape.h>

namespace gradus::kernels {

namespace {

// A stretch of a flat tensor under a shape of its own.
class Part : public Op {
 public:
  Part(std::int64_t begin, const Shape& shape) : begin_(begin), shape_(shape) {}
  std::string_view name() const override { return "part"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& /*call*/) const override { return shape_; }
  void forward(Forward& forward) const override {
    Tensor& y = forward.output();
    copy_bytes(forward.value(0).buffer()->data() + offset(y.dtype()), y.buffer()->data(), y.bytes());
  }
  void vjp(Backward& b) const override {
    const Tensor& g = b.gradient_value();
    if (b.create_graph()) {
      const std::int64_t size = shape_.elements(), after = b.shape(0).elements() - begin_ - size;
      b.give(0, concatenate({Tensor::zeros({begin_}, g.dtype()), reshape(b.gradient(), {size}),
                             Tensor::zeros({after}, g.dtype())}));
      return;
    }
    Tensor dx = Tensor::zeros(b.shape(0), g.dtype());
    copy_bytes(g.buffer()->data(), dx.buffer()->data() + offset(g.dtype()), g.bytes());
    b.give(0, std::move(dx));
  }

 private:
  std::size_t offset(DType dtype) const { return static_cast<std::size_t>(begin_) * item_size(dtype); }

  std::int64_t begin_;
  Shape shape_;
};

}  // namespace

Results::Results(PoolVector<Shape> shapes) : shapes_(std::move(shapes)), offsets_(1, 0) {
  for (const Shape& shape : shapes_) offsets_.push_back(offsets_.back() + shape.elements());
}

Variable Results::part(const Variable& packed, std::size_t k) const {
  return apply(Part(offsets_[k], shapes_[k]), {packed});
}

}  // namespace gradus::kernels
