#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/kernels/shape/axis_split.h>
#include <gradus/ops/kernels/shape/gather.h>
#include <gradus/ops/kernels/shape/strided_copy.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <cstring>

namespace gradus::kernels {

namespace {

// Calls body(position in the indices, positions in x…) for one or four neighbouring indices, or outside() at
// one that lies in no line. Lines of one `outer` stay on one thread.
template <class Body, class Outside>
void each_index(const AxisSplit& x, std::int64_t count, const Tensor& indices, const Body& body,
                const Outside& outside) {
  constexpr std::int64_t kPiece = std::int64_t{1} << 16;
  if (indices.size() == 0) return;
  if (x.extent == 0) return outside();
  const std::int64_t* index = indices.raw<std::int64_t>();
  const std::int64_t extent = x.extent, inner = x.inner;
  // Most indices are counted from the start, and one comparison says so.
  const auto within = [=](std::int64_t& place) {
    if (static_cast<std::uint64_t>(place) < static_cast<std::uint64_t>(extent)) [[likely]]
      return true;
    place += place < 0 ? extent : 0;
    return static_cast<std::uint64_t>(place) < static_cast<std::uint64_t>(extent);
  };
  parallel_for(x.outer, std::max<std::int64_t>(1, kPiece / (count * inner)),
               [=](std::int64_t begin, std::int64_t end) {
                 std::int64_t at = begin * count * inner;
                 for (std::int64_t o = begin; o < end; ++o) {
                   const std::int64_t base = o * extent * inner;
                   std::int64_t i = 0;
                   for (; inner == 1 && i + 4 <= count; i += 4, at += 4) {
                     std::int64_t p = index[at], q = index[at + 1], r = index[at + 2], s = index[at + 3];
                     if (!within(p) || !within(q) || !within(r) || !within(s)) return outside();
                     body(at, base + p, base + q, base + r, base + s);
                   }
                   for (; i < count; ++i) {
                     for (std::int64_t j = 0; j < inner; ++j, ++at) {
                       std::int64_t place = index[at];
                       if (!within(place)) return outside();
                       body(at, base + place * inner + j);
                     }
                   }
                 }
               });
}

// y[o, i, j] = x[o, indices[o, i, j], j], where x and the indices agree outside the axis.
class TakeAlong : public Op {
 public:
  explicit TakeAlong(std::size_t axis) : axis_(axis) {}
  std::string_view name() const override { return "take_along_axis"; }
  OpAttributes attributes() const override { return {{"axis", std::to_string(axis_)}}; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& call) const override { return call.shape(1); }
  DType infer_dtype(const Call& call) const override { return call.dtype(0); }
  void forward(Forward& forward) const override {
    Tensor& y = forward.output();
    dispatch(y.dtype(), [&]<class T>() {
      const T* from = forward.value(0).raw<T>();
      T* to = y.raw<T>();
      each_index(
          AxisSplit(forward.shape(0), axis_), y.shape()[axis_], forward.value(1),
          [=](std::int64_t at, auto... places) {
            const T values[] = {from[places]...};  // all under way before the first is stored
            for (std::int64_t k = 0; const T value : values) to[at + k++] = value;
          },
          [&] { check_indices(forward, forward.value(1), forward.shape(0)[axis_]); });
    });
  }
  void vjp(Backward& b) const override;

 private:
  std::size_t axis_;
};

// The gradient of TakeAlong: each value of g added, among zeros, in the place that it was taken from.
class TakeAlongGradient : public Op {
 public:
  TakeAlongGradient(std::size_t axis, const Shape& shape) : axis_(axis), shape_(shape) {}
  std::string_view name() const override { return "take_along_axis_gradient"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& /*call*/) const override { return shape_; }
  DType infer_dtype(const Call& call) const override { return call.dtype(0); }
  void forward(Forward& forward) const override {
    Tensor& dx = forward.output();
    std::memset(dx.buffer()->data(), 0, dx.bytes());
    dispatch_floating(dx.dtype(), [&]<class T>() {
      const T* g = forward.value(0).raw<T>();
      T* to = dx.raw<T>();
      each_index(
          AxisSplit(shape_, axis_), forward.shape(0)[axis_], forward.value(1),
          [=](std::int64_t at, auto... places) {
            const std::int64_t all[] = {places...};
            for (const std::int64_t place : all) to[place] += g[at++];
          },
          [] {});
    });
  }
  void vjp(Backward& b) const override { b.give(0, apply(TakeAlong(axis_), {b.gradient(), b.input(1)})); }

 private:
  std::size_t axis_;
  Shape shape_;
};

void TakeAlong::vjp(Backward& b) const {
  b.give(0, apply(TakeAlongGradient(axis_, b.shape(0)), {b.gradient(), b.input(1)}));
}

// Steps through a tensor as through one it broadcasts to.
Dims broadcast_strides(const Shape& shape) {
  Dims strides = contiguous_strides(shape);
  for (std::size_t i = 0; i < strides.size(); ++i) strides[i] = shape[i] == 1 ? 0 : strides[i];
  return strides;
}

// Where in the flat x each value of a result of this shape lies.
Tensor positions(const Shape& x, const Tensor& indices, const Shape& result, std::size_t axis) {
  Dims x_strides = broadcast_strides(x);
  const Dims index_strides = broadcast_strides(indices.shape());
  const std::int64_t extent = x[axis], stride = contiguous_strides(x)[axis];
  x_strides[axis] = 0;
  Tensor at = Tensor::empty(result, DType::int64);
  const std::int64_t* index = indices.raw<std::int64_t>();
  Dims place(result.dims().size(), 0);
  std::int64_t from = 0;
  for (std::int64_t i = 0; i < at.size(); ++i) {
    at.raw<std::int64_t>()[i] = from + (*index < 0 ? *index + extent : *index) * stride;
    for (std::size_t k = place.size(); k-- > 0;) {
      from += x_strides[k];
      index += index_strides[k];
      if (++place[k] < result[k]) break;
      from -= x_strides[k] * result[k];
      index -= index_strides[k] * result[k];
      place[k] = 0;
    }
  }
  return at;
}

}  // namespace

Variable take_along(const Call& call, const Variable& x, const Tensor& indices, const Shape& result,
                    std::size_t axis) {
  Dims own = x.shape().dims();
  own[axis] = result[axis];
  if (Shape(own) == result && indices.shape() == result)
    return apply(TakeAlong(axis), {x, Variable(indices)});
  check_indices(call, indices, x.shape()[axis]);
  return take(reshape(x, {x.shape().elements()}), positions(x.shape(), indices, result, axis));
}

}  // namespace gradus::kernels
