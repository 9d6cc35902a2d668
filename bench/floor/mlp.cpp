#include "floors.h"
#include "loops.h"
#include "product.h"

#include <memory>

namespace gradus::bench::floor {

namespace {

struct Layer {
  std::int64_t in = 0, out = 0;
  Values w, b, dw, db, h, dh;
  AdamState w_state, b_state;
  Product forward, weight_gradient;
};

class Net {
 public:
  Net(const Mlp& net, int threads)
      : threads_(threads),
        batch_(net.batch),
        batches_(net.batches),
        adam_(net.adam),
        x_(uniform(net.batches * net.batch * net.widths.front(), 1)),
        labels_(labels(net.batches * net.batch, 2, net.widths.back())),
        sums_(static_cast<std::size_t>(net.batch)) {
    for (std::size_t i = 1; i < net.widths.size(); ++i) {
      const std::int64_t in = net.widths[i - 1], out = net.widths[i];
      const Values zeros_w(static_cast<std::size_t>(in * out)), zeros_b(static_cast<std::size_t>(out));
      const Values zeros_h(static_cast<std::size_t>(batch_ * out));
      layers_.push_back(
          {.in = in,
           .out = out,
           .w = uniform(in * out, 3, -0.05F, 0.05F),
           .b = zeros_b,
           .dw = zeros_w,
           .db = zeros_b,
           .h = zeros_h,
           .dh = zeros_h,
           .w_state = {zeros_w, zeros_w},
           .b_state = {zeros_b, zeros_b},
           .forward = Product({.m = batch_, .k = in, .n = out}, threads),
           .weight_gradient = Product({.m = in, .k = batch_, .n = out, .a_transposed = true}, threads)});
      if (i > 1) {
        input_gradients_.emplace_back(ProductShape{.m = batch_, .k = out, .n = in, .b_transposed = true},
                                      threads);
      }
    }
  }

  void step() {
    const float* const x = x_.data() + at_ * batch_ * layers_.front().in;
    const float* input = x;
    for (Layer& layer : layers_) {
      layer.forward(input, layer.w.data(), layer.h.data());
      input = layer.h.data();
      if (&layer != &layers_.back()) {
        bias_relu(layer.h.data(), layer.b.data(), batch_, layer.out, threads_);
      }
    }
    Layer& last = layers_.back();
    loss_ = cross_entropy(last.h.data(), last.b.data(), labels_.data() + at_ * batch_, last.db.data(),
                          sums_.data(), batch_, last.out);
    for (std::size_t i = layers_.size(); i-- > 0;) {
      Layer& layer = layers_[i];
      const float* gradient = &layer == &last ? layer.h.data() : layer.dh.data();
      layer.weight_gradient(i == 0 ? x : layers_[i - 1].h.data(), gradient, layer.dw.data());
      if (i == 0) break;
      Layer& below = layers_[i - 1];
      input_gradients_[i - 1](gradient, layer.w.data(), below.dh.data());
      relu_gradient(below.dh.data(), below.h.data(), below.db.data(), batch_, below.out, threads_);
    }
    ++t_;
    for (Layer& layer : layers_) update(layer);
    at_ = (at_ + 1) % batches_;
  }

  double product_share() const {
    double least = 1;
    for (const Layer& layer : layers_) {
      least = std::min(least, least_share({&layer.forward, &layer.weight_gradient}));
    }
    for (const Product& product : input_gradients_) least = std::min(least, least_share({&product}));
    return least;
  }

 private:
  void update(Layer& layer) {
    if (adam_) {
      adam(layer.w, layer.dw, layer.w_state, t_, threads_);
      adam(layer.b, layer.db, layer.b_state, t_, threads_);
    } else {
      descend(layer.w, layer.dw, threads_);
      descend(layer.b, layer.db, threads_);
    }
  }

  int threads_;
  std::int64_t batch_, batches_;
  bool adam_;
  Values x_;
  std::vector<std::int64_t> labels_;
  Values sums_;
  std::vector<Layer> layers_;
  std::vector<Product> input_gradients_;  // of every layer but the first
  std::int64_t at_ = 0;                   // the batch
  int t_ = 0;
  volatile float loss_ = 0;
};

}  // namespace

Workload mlp(const Mlp& net, const Settings& settings) {
  const auto made = std::make_shared<Net>(net, settings.threads);
  return {.step = [made] { made->step(); }, .product_share = [made] { return made->product_share(); }};
}

}  // namespace gradus::bench::floor
