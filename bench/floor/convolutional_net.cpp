#include "floors.h"
#include "images.h"
#include "loops.h"
#include "product.h"

#include <memory>

namespace gradus::bench::floor {

namespace {

Values zeros(std::int64_t count) { return Values(static_cast<std::size_t>(count)); }

struct Weights {
  Weights(std::int64_t in, std::int64_t out, std::uint32_t seed)
      : w(uniform(in * out, seed, -0.05F, 0.05F)), b(zeros(out)), dw(zeros(in * out)), db(zeros(out)) {}

  void update(int threads) {
    descend(w, dw, threads);
    descend(b, db, threads);
  }
  Values w, b, dw, db;
};

// A convolution with relu and pooling.
struct Convolution {
  Convolution(const Images& from, std::int64_t filters, std::uint32_t seed, int threads)
      : in(from),
        out{from.batch, from.h - kWindow + 1, from.w - kWindow + 1, filters},
        pixels(out.batch * out.h * out.w),
        length(kWindow * kWindow * in.c),
        pooled_size(out.batch * (out.h / 2) * (out.w / 2) * filters),
        weights(length, filters, seed),
        columns(zeros(pixels * length)),
        z(zeros(pixels * filters)),
        dz(z),
        pooled(zeros(pooled_size)),
        dpooled(pooled),
        which(static_cast<std::size_t>(pooled_size)),
        product({.m = pixels, .k = length, .n = filters}, threads),
        weight_gradient({.m = length, .k = pixels, .n = filters, .a_transposed = true}, threads) {}

  void forward(const float* x, int threads) {
    im2col(in, x, columns.data(), threads);
    product(columns.data(), weights.w.data(), z.data());
    bias_relu_pool(out, z.data(), weights.b.data(), pooled.data(), which.data(), threads);
  }
  void backward(int threads) {
    pool_gradient(out, dpooled.data(), which.data(), dz.data(), weights.db.data(), threads);
    weight_gradient(columns.data(), dz.data(), weights.dw.data());
  }

  Images in, out;
  std::int64_t pixels, length, pooled_size;
  Weights weights;
  Values columns, z, dz, pooled, dpooled;
  std::vector<std::uint8_t> which;
  Product product, weight_gradient;
};

class Net {
 public:
  explicit Net(int threads)
      : threads_(threads),
        first_({kBatch, 28, 28, 1}, 32, 1, threads),
        second_({kBatch, 13, 13, 32}, 64, 2, threads),
        input_gradient_({.m = second_.pixels, .k = 64, .n = second_.length, .b_transposed = true}, threads),
        hidden_({.m = kBatch, .k = kFlat, .n = kHidden}, threads),
        hidden_dw_({.m = kFlat, .k = kBatch, .n = kHidden, .a_transposed = true}, threads),
        hidden_dx_({.m = kBatch, .k = kHidden, .n = kFlat, .b_transposed = true}, threads),
        scores_({.m = kBatch, .k = kHidden, .n = kClasses}, threads),
        scores_dw_({.m = kHidden, .k = kBatch, .n = kClasses, .a_transposed = true}, threads),
        scores_dx_({.m = kBatch, .k = kClasses, .n = kHidden, .b_transposed = true}, threads) {}

  void step() {
    first_.forward(x_.data(), threads_);
    second_.forward(first_.pooled.data(), threads_);
    hidden_(second_.pooled.data(), third_.w.data(), h_.data());
    bias_relu(h_.data(), third_.b.data(), kBatch, kHidden, threads_);
    scores_(h_.data(), fourth_.w.data(), z_.data());
    loss_ = cross_entropy(z_.data(), fourth_.b.data(), labels_.data(), fourth_.db.data(), sums_.data(),
                          kBatch, kClasses);

    scores_dw_(h_.data(), z_.data(), fourth_.dw.data());
    scores_dx_(z_.data(), fourth_.w.data(), dh_.data());
    relu_gradient(dh_.data(), h_.data(), third_.db.data(), kBatch, kHidden, threads_);
    hidden_dw_(second_.pooled.data(), dh_.data(), third_.dw.data());
    hidden_dx_(dh_.data(), third_.w.data(), second_.dpooled.data());
    second_.backward(threads_);
    input_gradient_(second_.dz.data(), second_.weights.w.data(), dcolumns_.data());
    col2im(second_.in, dcolumns_.data(), first_.dpooled.data(), threads_);
    first_.backward(threads_);

    for (Weights* weights : {&first_.weights, &second_.weights, &third_, &fourth_}) weights->update(threads_);
  }

  double product_share() const {
    return least_share({&first_.product, &first_.weight_gradient, &second_.product, &second_.weight_gradient,
                        &input_gradient_, &hidden_, &hidden_dw_, &hidden_dx_, &scores_, &scores_dw_,
                        &scores_dx_});
  }

 private:
  static constexpr std::int64_t kBatch = 64, kFlat = 5 * 5 * 64, kHidden = 128, kClasses = 10;

  int threads_;
  Values x_ = uniform(kBatch * 28 * 28, 5);
  std::vector<std::int64_t> labels_ = floor::labels(kBatch, 6, kClasses);
  Convolution first_, second_;
  Values dcolumns_ = zeros(second_.pixels * second_.length);
  Weights third_ = Weights(kFlat, kHidden, 3), fourth_ = Weights(kHidden, kClasses, 4);
  Values h_ = zeros(kBatch * kHidden), dh_ = h_, z_ = zeros(kBatch * kClasses), sums_ = zeros(kBatch);
  Product input_gradient_, hidden_, hidden_dw_, hidden_dx_, scores_, scores_dw_, scores_dx_;
  volatile float loss_ = 0;
};

}  // namespace

Workload convolutional_net(const Settings& settings) {
  const auto made = std::make_shared<Net>(settings.threads);
  return {.step = [made] { made->step(); }, .product_share = [made] { return made->product_share(); }};
}

}  // namespace gradus::bench::floor
