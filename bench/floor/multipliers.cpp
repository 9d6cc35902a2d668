#include "product.h"

#include <omp.h>

#include <Eigen/Core>
#include <algorithm>
#include <oneapi/dnnl/dnnl.hpp>
#include <stdexcept>

namespace gradus::bench::floor {

namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Map = Eigen::Map<Matrix>;
using ConstMap = Eigen::Map<const Matrix>;

// Plain loops, for what is too small for a library to pay.
class ByLoops : public Multiplier {
 public:
  explicit ByLoops(const ProductShape& shape) : shape_(shape) {}

  void multiply(const float* a, const float* b, float* out) const override {
    const auto& [m, k, n, a_transposed, b_transposed, into] = shape_;
    const std::int64_t a_row = a_transposed ? 1 : k, a_step = a_transposed ? m : 1;
    const std::int64_t b_row = b_transposed ? 1 : n, b_step = b_transposed ? k : 1;
    for (std::int64_t i = 0; i < m; ++i) {
      float* row = out + i * n;
      if (!into) std::fill_n(row, n, 0.0F);
      for (std::int64_t l = 0; l < k; ++l) {
        const float factor = a[i * a_row + l * a_step];
        for (std::int64_t j = 0; j < n; ++j) row[j] += factor * b[l * b_row + j * b_step];
      }
    }
  }

 private:
  ProductShape shape_;
};

// Eigen's product.
class ByEigen : public Multiplier {
 public:
  ByEigen(const ProductShape& shape, int threads) : shape_(shape), threads_(threads) {}

  void multiply(const float* a, const float* b, float* out) const override {
    const auto& [m, k, n, a_transposed, b_transposed, into] = shape_;
    Eigen::setNbThreads(threads_);
    const ConstMap left(a, a_transposed ? k : m, a_transposed ? m : k);
    const ConstMap right(b, b_transposed ? n : k, b_transposed ? k : n);
    Map result(out, m, n);
    const auto set = [&](const auto& product) {
      if (into) {
        result.noalias() += product;
      } else {
        result.noalias() = product;
      }
    };
    if (a_transposed && b_transposed) {
      set(left.transpose() * right.transpose());
    } else if (a_transposed) {
      set(left.transpose() * right);
    } else if (b_transposed) {
      set(left * right.transpose());
    } else {
      set(left * right);
    }
  }

 private:
  ProductShape shape_;
  int threads_;
};

// oneDNN's BLAS-like call.
class BySgemm : public Multiplier {
 public:
  BySgemm(const ProductShape& shape, int threads) : shape_(shape), threads_(threads) {}

  void multiply(const float* a, const float* b, float* out) const override {
    const auto& [m, k, n, a_transposed, b_transposed, into] = shape_;
    omp_set_num_threads(threads_);
    const dnnl_status_t status =
        dnnl_sgemm(a_transposed ? 'T' : 'N', b_transposed ? 'T' : 'N', m, n, k, 1, a, a_transposed ? m : k, b,
                   b_transposed ? k : n, into ? 1 : 0, out, n);
    if (status != dnnl_success) throw std::runtime_error("oneDNN's sgemm failed");
  }

 private:
  ProductShape shape_;
  int threads_;
};

// oneDNN's primitive, made once.
class ByPrimitive : public Multiplier {
 public:
  ByPrimitive(const ProductShape& shape, int threads) : threads_(threads) {
    using Tag = dnnl::memory::format_tag;
    const auto description = [](std::int64_t rows, std::int64_t columns, bool transposed) {
      return dnnl::memory::desc({rows, columns}, dnnl::memory::data_type::f32,
                                transposed ? Tag::ba : Tag::ab);
    };
    const auto a = description(shape.m, shape.k, shape.a_transposed);
    const auto b = description(shape.k, shape.n, shape.b_transposed);
    const auto out = description(shape.m, shape.n, false);
    dnnl::primitive_attr attributes;
    if (shape.into) {
      dnnl::post_ops sum;
      sum.append_sum(1);
      attributes.set_post_ops(sum);
    }
    omp_set_num_threads(threads_);
    primitive_ = dnnl::matmul(dnnl::matmul::primitive_desc({a, b, out}, attributes, engine_));
    a_ = dnnl::memory(a, engine_, nullptr);
    b_ = dnnl::memory(b, engine_, nullptr);
    out_ = dnnl::memory(out, engine_, nullptr);
    arguments_ = {{DNNL_ARG_SRC, a_}, {DNNL_ARG_WEIGHTS, b_}, {DNNL_ARG_DST, out_}};
  }

  void multiply(const float* a, const float* b, float* out) const override {
    omp_set_num_threads(threads_);
    a_.set_data_handle(const_cast<float*>(a));
    b_.set_data_handle(const_cast<float*>(b));
    out_.set_data_handle(out);
    primitive_.execute(stream_, arguments_);
  }

 private:
  int threads_;
  dnnl::engine engine_ = dnnl::engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream_ = dnnl::stream(engine_);
  dnnl::matmul primitive_;
  dnnl::memory a_, b_, out_;
  std::unordered_map<int, dnnl::memory> arguments_;
};

}  // namespace

// Multiplications; beyond it loops are not worth a measurement.
constexpr std::int64_t kSmall = 4096;

std::vector<std::unique_ptr<Multiplier>> multipliers(const ProductShape& shape, int threads) {
  std::vector<std::unique_ptr<Multiplier>> result;
  if (shape.m * shape.k * shape.n <= kSmall) result.push_back(std::make_unique<ByLoops>(shape));
  for (const int count : {1, threads}) {
    result.push_back(std::make_unique<ByEigen>(shape, count));
    result.push_back(std::make_unique<BySgemm>(shape, count));
    result.push_back(std::make_unique<ByPrimitive>(shape, count));
    if (threads == 1) break;
  }
  return result;
}

}  // namespace gradus::bench::floor
