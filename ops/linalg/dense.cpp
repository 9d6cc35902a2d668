#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/kernels/linalg/product.h>
#include <gradus/ops/kernels/linalg/product_gradient.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace gradus {

namespace {

class Dense : public Op {
 public:
  std::string_view name() const override { return "dense"; }
  std::span<const std::string_view> operand_names() const override {
    static constexpr std::array<std::string_view, 3> kNames = {"x", "kernel", "bias"};
    return kNames;
  }

  Shape infer_shape(const Call& call) const override {
    const Shape &x = call.shape(0), &kernel = call.shape(1);
    if (x.rank() == 0) throw call.shape_error("x needs rank 1 or more");
    if (kernel.rank() != 2) throw call.shape_error("the kernel must be [in, out]");
    if (x.back() != kernel[0]) {
      throw call.shape_error("expected " + std::to_string(kernel[0]) + " features, got " +
                             std::to_string(x.back()));
    }
    if (call.size() == 3 && !(call.shape(2).rank() == 1 && call.shape(2)[0] == kernel[1])) {
      throw call.shape_error("the bias must be [" + std::to_string(kernel[1]) + "]");
    }
    Dims dims = x.dims();
    dims[dims.size() - 1] = kernel[1];
    return Shape(std::move(dims));
  }

  void forward(Forward& forward) const override {
    const Tensor &x = forward.value(0), &kernel = forward.value(1);
    Tensor& y = forward.output();
    const std::int64_t in = kernel.shape()[0], out = kernel.shape()[1];
    const std::int64_t rows = out == 0 ? 0 : y.size() / out;
    const bool biased = forward.size() == 3;
    if (biased) repeat_row(forward.value(2), y);  // the product adds to that
    kernels::product(y.dtype(), {x.buffer()->data()}, {kernel.buffer()->data()}, y.buffer()->data(), rows, in,
                     out, biased ? kernels::Sum::into : kernels::Sum::fresh);
  }

  // dx = g kernelᵀ, dkernel = xᵀ g, dbias = the sum of g over all axes but the last.
  void vjp(Backward& b) const override {
    const std::int64_t in = b.shape(1)[0], out = b.shape(1)[1];
    const std::int64_t rows =
        in == 0 ? b.gradient_value().size() / std::max<std::int64_t>(out, 1) : b.shape(0).elements() / in;
    if (b.create_graph()) return give_by_ops(b, rows, in, out);
    const Tensor& g = b.gradient_value();
    kernels::GradientProducts products(b);
    if (b.needs(0)) products.give(0, {g}, {b.input_value(1), true}, rows, out, in);
    if (b.needs(1)) products.give(1, {b.input_value(0), true}, {g}, in, rows, out);
    products.compute();
    if (b.size() == 3 && b.needs(2)) {
      Tensor dbias = Tensor::empty(b.shape(2), g.dtype());
      kernels::sum_rows_into(g, dbias);
      b.give(2, std::move(dbias));
    }
  }

 private:
  // Fills y with copies of a row.
  static void repeat_row(const Tensor& row, const Tensor& y) {
    if (y.bytes() == 0) return;
    constexpr std::int64_t kGrain = std::int64_t{1} << 17;  // bytes
    const auto width = static_cast<std::int64_t>(row.bytes());
    parallel_for(y.size() / row.size(), std::max<std::int64_t>(1, kGrain / width),
                 [&](std::int64_t first, std::int64_t last) {
                   repeat(row.buffer()->data(), row.bytes(), y.buffer()->data() + first * width,
                          static_cast<std::size_t>((last - first) * width));
                 });
  }
  // Copies `width` bytes over and over: what is there already, since rows are often short.
  static void repeat(const std::byte* row, std::size_t width, std::byte* to, std::size_t bytes) {
    constexpr std::size_t kInCache = 16384;
    const std::size_t most = std::max<std::size_t>(1, kInCache / width) * width;
    std::memcpy(to, row, width);
    for (std::size_t filled = width; filled < bytes;) {
      const std::size_t more = std::min({filled, most, bytes - filled});
      std::memcpy(to + filled, to, more);
      filled += more;
    }
  }
  static void give_by_ops(Backward& b, std::int64_t rows, std::int64_t in, std::int64_t out) {
    const bool matrix = b.shape(0).rank() == 2;
    const Variable g = matrix ? b.gradient() : reshape(b.gradient(), {rows, out});
    if (b.needs(0)) {
      Variable dx = matmul(g, b.input(1), {.transpose_b = true});
      b.give(0, matrix ? std::move(dx) : reshape(dx, b.shape(0).dims()));
    }
    if (b.needs(1)) {
      const Variable x = matrix ? b.input(0) : reshape(b.input(0), {rows, in});
      b.give(1, matmul(x, g, {.transpose_a = true}));
    }
    if (b.size() == 3 && b.needs(2)) b.give(2, sum(g, {.axis = 0}));
  }
};

}  // namespace

Variable dense(const Operand& x, const Operand& kernel) { return apply(Op::lasting<Dense>(), x, kernel); }

Variable dense(const Operand& x, const Operand& kernel, const Operand& bias) {
  return apply(Op::lasting<Dense>(), x, kernel, bias);
}

namespace records {

OpInfo dense() {
  const auto call = [](const Shape& x, const Shape& kernel, const Dims& bias = {}) -> record::Case {
    std::vector<Shape> shapes = {x, kernel};
    if (!bias.empty()) shapes.emplace_back(bias);
    return {"", std::move(shapes), [](std::span<const Variable> v) {
              return v.size() == 2 ? gradus::dense(v[0], v[1]) : gradus::dense(v[0], v[1], v[2]);
            }};
  };
  return record::cases(
      {.signature = "(x, kernel, bias)",
       .formula = "y = x kernel + bias",
       .gradient = "dx = g kernel^T, dkernel = x^T g, dbias = sum(g)",
       .shapes = "[.., in], [in, out], [out] -> [.., out]",
       .flops =
           [](const OpSample& sample, const Tensor& y) {
             return 2 * static_cast<double>(sample.inputs[1].shape()[0]) * static_cast<double>(y.size());
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {call({n, n}, {n, n}, {n}),    call({2, n}, {n, 3}),      call({n}, {n, 3}, {3}),
                call({2, 3, n}, {n, 2}, {2}), call({1, n}, {n, 1}, {1}), call({2, 1, 2, n}, {n, 3}),
                call({0, n}, {n, 3}, {3}),    call({2, 0}, {0, 3}, {3})};
      },
      {{"expected 4 features, got 5: x is [2, 5], kernel is [4, 3], bias is [3]", call({2, 5}, {4, 3}, {3})},
       {"the kernel must be [in, out]: x is [2, 4], kernel is [4]", call({2, 4}, {4})},
       {"the bias must be [3]: x is [2, 4], kernel is [4, 3], bias is [1, 3]", call({2, 4}, {4, 3}, {1, 3})},
       {"x needs rank 1 or more: x is [], kernel is [4, 3]", call({}, {4, 3})}});
}

}  // namespace records

}  // namespace gradus
