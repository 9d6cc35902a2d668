#include <gradus/graph/apply.h>
#include <gradus/graph/backward_through.h>
#include <gradus/graph/call.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/linalg/parallel_products.h>
#include <gradus/ops/kernels/linalg/product.h>
#include <gradus/ops/kernels/nn/attention.h>
#include <gradus/ops/linalg.h>

#include <algorithm>
#include <array>
#include <limits>

namespace gradus::kernels {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// A piece of work has about this many multiplications.
constexpr std::int64_t kPiece = 2'000'000;

Tensor causal_mask(std::int64_t queries, std::int64_t keys) {
  Tensor mask = Tensor::empty({queries, keys}, DType::boolean);
  for (std::int64_t i = 0; i < queries; ++i) {
    for (std::int64_t j = 0; j < keys; ++j) mask.raw<bool>()[i * keys + j] = j <= i;
  }
  return mask;
}

struct Sizes {
  std::int64_t batch, queries, keys, depth, width;
  Sizes(const Shape& query, const Shape& value)
      : batch(1), queries(query.dim(-2)), keys(value.dim(-2)), depth(query.dim(-1)), width(value.dim(-1)) {
    for (std::int64_t i = 0; i < query.rank() - 2; ++i) batch *= query.dim(i);
  }
  std::int64_t query() const { return queries * depth; }
  std::int64_t key() const { return keys * depth; }
  std::int64_t value() const { return keys * width; }
  std::int64_t scores() const { return queries * keys; }
  std::int64_t output() const { return queries * width; }

  // Calls body(i) for each item of the batch, some of them a piece.
  template <class Body>
  void each(const Body& body) const {
    const std::int64_t work = scores() * (depth + width + 16);
    parallel_products(batch, std::max<std::int64_t>(kPiece / work, 1),
                      [&](std::int64_t begin, std::int64_t end) {
                        for (std::int64_t i = begin; i < end; ++i) body(i);
                      });
  }
};

// An operand that broadcasts to the scores [.., queries, keys].
template <class T>
class Added {
 public:
  Added() = default;
  Added(const Tensor& given, const Shape& batch)
      : data_(given.raw<T>()), batch_(&batch), shape_(&given.shape()) {
    row_ = shape_->rank() < 2 || shape_->dim(-2) == 1 ? 0 : shape_->dim(-1);
    step_ = shape_->rank() < 1 || shape_->dim(-1) == 1 ? 0 : 1;
  }
  explicit operator bool() const { return data_ != nullptr; }
  std::int64_t step() const { return step_; }
  // Its row i in item `item`.
  const T* row(std::int64_t item, std::int64_t i) const {
    std::int64_t offset = 0, stride = 1;
    for (std::int64_t axis = 1; axis <= shape_->rank(); ++axis) {
      const std::int64_t extent = shape_->dim(-axis);
      if (axis > 2) {
        const std::int64_t all = batch_->dim(-axis);
        if (extent != 1) offset += item % all * stride;
        item /= all;
      }
      stride *= extent;
    }
    return data_ + offset + i * row_;
  }

 private:
  const T* data_ = nullptr;
  const Shape *batch_ = nullptr, *shape_ = nullptr;
  std::int64_t row_ = 0, step_ = 0;
};

// Scores become weights; those from `count` on become 0. Where keys can be masked, -infinity says so. (Apart
// from its caller, where the compiler keeps no registers for it.)
template <class T>
[[gnu::noinline]] void weigh(T* row, std::int64_t count, std::int64_t keys, bool masks) {
  const Lanes<T> scores(row, count);
  const T largest = scores.template maxCoeff<Eigen::PropagateNaN>();
  if (masks && largest == static_cast<T>(-kInfinity)) {  // nothing is allowed
    std::fill_n(row, keys, T(0));
    return;
  }
  MutableLanes<T> weights(row, count);
  weights = exp(scores - largest);
  weights *= 1 / weights.sum();
  std::fill(row + count, row + keys, T(0));
}

// Operands: query, key, value, then mask and bias where they are given.
class AttentionOp : public Op {
 public:
  explicit AttentionOp(const Attention& kind) : kind_(kind) {}
  std::string_view name() const override { return "scaled_dot_product_attention"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& call) const override {
    Dims dims = call.shape(0).dims();
    dims[dims.size() - 1] = call.shape(2).back();
    return Shape(std::move(dims));
  }
  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() { run<T>(forward); });
  }
  void vjp(Backward& b) const override {
    if (b.create_graph() || (kind_.bias != 0 && b.needs(kind_.bias))) {
      backward_through(
          b, [this](std::span<const Variable> operands) { return composed_attention(kind_, operands); });
      return;
    }
    dispatch_floating(b.gradient_value().dtype(), [&]<class T>() { run_back<T>(b); });
  }

 private:
  template <class T>
  void run(Forward& forward) const {
    const Sizes s(forward.shape(0), forward.shape(2));
    const T *query = forward.value(0).raw<T>(), *key = forward.value(1).raw<T>(),
            *value = forward.value(2).raw<T>();
    Added<bool> mask;
    Added<T> bias;
    if (kind_.mask != 0) mask = {forward.value(kind_.mask), forward.shape(0)};
    if (kind_.bias != 0) bias = {forward.value(kind_.bias), forward.shape(0)};
    Tensor weights = Tensor::empty({s.batch, s.queries, s.keys}, dtype_of<T>());
    T* out = forward.output().raw<T>();
    s.each([&](std::int64_t item) {
      Tensor scaled = Tensor::empty({s.query()}, dtype_of<T>());
      std::transform(query + item * s.query(), query + (item + 1) * s.query(), scaled.raw<T>(),
                     [&](T x) { return x * static_cast<T>(kind_.scale); });
      T* scores = weights.raw<T>() + item * s.scores();
      product(dtype_of<T>(), {scaled.raw<T>()}, {key + item * s.key(), true}, scores, s.queries, s.depth,
              s.keys);
      for (std::int64_t i = 0; i < s.queries; ++i) {
        T* row = scores + i * s.keys;
        if (bias) {
          const T* added = bias.row(item, i);
          for (std::int64_t j = 0; j < s.keys; ++j) row[j] += added[j * bias.step()];
        }
        if (mask) {
          const bool* allowed = mask.row(item, i);
          for (std::int64_t j = 0; j < s.keys; ++j) {
            row[j] = allowed[j * mask.step()] ? row[j] : static_cast<T>(-kInfinity);
          }
        }
        weigh(row, kind_.is_causal ? std::min(i + 1, s.keys) : s.keys, s.keys, kind_.masks());
      }
      product(dtype_of<T>(), {scores}, {value + item * s.value()}, out + item * s.output(), s.queries, s.keys,
              s.width);
    });
    forward.save(std::move(weights));
  }
  // With p the weights and h = g value^T: dvalue = p^T g, ds = p (h - sum(p h)) scale, dquery = ds key,
  // dkey = ds^T query.
  template <class T>
  void run_back(Backward& b) const {
    const Sizes s(b.shape(0), b.shape(2));
    const DType dtype = dtype_of<T>();
    const Variable query = b.input(0), key = b.input(1), value = b.input(2);
    const T *weights = b.saved(0).raw<T>(), *g = b.gradient_value().raw<T>();
    std::array<Tensor, 3> d;
    std::array<T*, 3> to = {};
    for (std::size_t i = 0; i < 3; ++i) {
      if (!b.needs(i)) continue;
      d[i] = Tensor::empty(b.shape(i), dtype);
      to[i] = d[i].raw<T>();
    }
    s.each([&](std::int64_t item) {
      const T *p = weights + item * s.scores(), *own = g + item * s.output();
      if (to[2] != nullptr) {
        product(dtype, {p, true}, {own}, to[2] + item * s.value(), s.keys, s.queries, s.width);
      }
      if (to[0] == nullptr && to[1] == nullptr) return;
      Tensor scores = Tensor::empty({s.scores()}, dtype);
      product(dtype, {own}, {value.value().raw<T>() + item * s.value(), true}, scores.raw<T>(), s.queries,
              s.width, s.keys);
      for (std::int64_t i = 0; i < s.queries; ++i) {
        const Lanes<T> weight(p + i * s.keys, s.keys);
        MutableLanes<T> row(scores.raw<T>() + i * s.keys, s.keys);
        const T total = (weight * row).sum();
        row = weight * (row - total) * static_cast<T>(kind_.scale);
      }
      if (to[0] != nullptr) {
        product(dtype, {scores.raw<T>()}, {key.value().raw<T>() + item * s.key()}, to[0] + item * s.query(),
                s.queries, s.keys, s.depth);
      }
      if (to[1] != nullptr) {
        product(dtype, {scores.raw<T>(), true}, {query.value().raw<T>() + item * s.query()},
                to[1] + item * s.key(), s.keys, s.queries, s.depth);
      }
    });
    for (std::size_t i = 0; i < 3; ++i) {
      if (b.needs(i)) b.give(i, std::move(d[i]));
    }
  }

  Attention kind_;
};

}  // namespace

Variable composed_attention(const Attention& kind, std::span<const Variable> operands) {
  Variable scores = matmul(multiply(operands[0], kind.scale), operands[1], {.transpose_b = true});
  if (kind.bias != 0) scores = add(scores, operands[kind.bias]);
  if (kind.mask != 0) scores = where(operands[kind.mask], scores, -kInfinity);
  if (kind.is_causal) {
    scores = where(causal_mask(scores.shape().dim(-2), scores.shape().dim(-1)), scores, -kInfinity);
  }
  Variable weights;
  if (!kind.masks()) {
    weights = softmax(scores);
  } else {
    // What is masked counts as the least number, so that a row of nothing else is no NaN; its weights are 0.
    const Variable allowed = not_equal(scores, -kInfinity);
    const double least = scores.dtype() == DType::float32
                             ? static_cast<double>(std::numeric_limits<float>::lowest())
                             : std::numeric_limits<double>::lowest();
    weights = where(allowed, softmax(where(allowed, scores, least)), 0);
  }
  return matmul(weights, operands[2]);
}

Variable attention(const Attention& kind, std::span<const Variable> operands) {
  const PoolVector<Operand> list(operands.begin(), operands.end());
  return gradus::apply(AttentionOp(kind), std::span<const Operand>(list));
}

bool fits_attention(std::span<const Variable> operands, const Shape& scores) {
  const Shape &query = operands[0].shape(), &key = operands[1].shape(), &value = operands[2].shape();
  if (scores.elements() == 0 || query.elements() == 0 || value.elements() == 0) return false;
  const auto batch = static_cast<std::size_t>(query.rank() - 2);
  return query.rank() == key.rank() && query.rank() == value.rank() &&
         std::equal(query.begin(), query.begin() + batch, key.begin()) &&
         std::equal(query.begin(), query.begin() + batch, value.begin());
}

}  // namespace gradus::kernels
