#include "torch_calls.h"

#include <cmath>

namespace gradus::bench {

namespace {

namespace F = torch::nn::functional;

// NHWC -> NCHW, for any number of spatial axes.
void channels_first(Tensor& x) { x = x.moveaxis(-1, 1).contiguous(); }
// (kh, kw, in, out) -> (out, in, kh, kw)
void kernel_first(Tensor& kernel) { kernel = kernel.moveaxis(-1, 0).moveaxis(-1, 1).contiguous(); }

void images(Tensors& x) { channels_first(x[0]); }
void convolution(Tensors& x) {
  channels_first(x[0]);
  kernel_first(x[1]);
}
// (kh, kw, in, 1) -> (in, 1, kh, kw)
void depthwise(Tensors& x) {
  channels_first(x[0]);
  x[1] = x[1].permute({2, 3, 0, 1}).contiguous();
  if (x.size() > 2) kernel_first(x[2]);
}
Tensor each_channel(const Tensor& x, const Tensor& kernel) {
  return at::conv2d(x, kernel, {}, 1, at::IntArrayRef({0, 0}), 1, x.size(1));
}
// (kh, kw, out, in) -> (in, out, kh, kw), which is what kernel_first does to (kh, kw, in, out)
Call transposed() {
  return Call([](const Tensors& x) { return at::conv_transpose2d(x[0], x[1]); }).with_layout(convolution);
}

Call on_images(Call call) { return call.with_layout(images); }

// [features, gates * units] -> [gates * units, features], and a bias for each of the two.
void recurrent(Tensors& x) {
  x[1] = x[1].t().contiguous();
  x[2] = x[2].t().contiguous();
  if (x[3].dim() == 2) {
    x.push_back(x[3][1].clone());
    x[3] = x[3][0].clone();
  } else {
    x.push_back(at::zeros_like(x[3]));
  }
}

Tensor initial(const Tensors& x) { return at::zeros({1, x[0].size(0), x[2].size(1)}); }

std::vector<Tensor> weights(const Tensors& x) { return {x[1], x[2], x[3], x[4]}; }

Tensor last_step(const Tensor& sequence) { return sequence.select(1, sequence.size(1) - 1); }

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v) {
  const double scale = 1 / std::sqrt(static_cast<double>(q.size(-1)));
  return at::matmul(at::softmax(at::matmul(q * scale, k.transpose(-2, -1)), -1), v);
}

}  // namespace

Calls nn_calls() {
  Calls calls = {
      {"conv1d", Call([](const Tensors& x) { return at::conv1d(x[0], x[1]); }).with_layout(convolution)},
      {"conv2d", Call([](const Tensors& x) { return at::conv2d(x[0], x[1]); }).with_layout(convolution)},
      {"conv2d[same]",
       Call([](const Tensors& x) { return at::conv2d(x[0], x[1], {}, 1, 1); }).with_layout(convolution)},
      {"conv2d[strides=2]",
       Call([](const Tensors& x) { return at::conv2d(x[0], x[1], {}, 2); }).with_layout(convolution)},
      {"conv3d", Call([](const Tensors& x) { return at::conv3d(x[0], x[1]); }).with_layout(convolution)},
      {"depthwise_conv2d",
       Call([](const Tensors& x) { return each_channel(x[0], x[1]); }).with_layout(depthwise)},
      {"separable_conv2d",
       Call([](const Tensors& x) { return at::conv2d(each_channel(x[0], x[1]), x[2]); }, kComposed)
           .with_layout(depthwise)},
      {"conv2d_transpose", transposed()},
      {"extract_patches", on_images([](const Tensors& x) {
         return at::im2col(x[0], {3, 3}, {1, 1}, {0, 0}, {1, 1});
       })},
      {"resize2d[nearest]", on_images([](const Tensors& x) {
         return at::upsample_nearest2d(x[0], {2 * x[0].size(2), 2 * x[0].size(3)});
       })},
      {"resize2d[bilinear]", on_images([](const Tensors& x) {
         return at::upsample_bilinear2d(x[0], {2 * x[0].size(2), 2 * x[0].size(3)}, false);
       })},
      {"max_pool1d", on_images([](const Tensors& x) { return at::max_pool1d(x[0], 2); })},
      {"average_pool1d", on_images([](const Tensors& x) { return at::avg_pool1d(x[0], 2); })},
      {"max_pool2d", on_images([](const Tensors& x) { return at::max_pool2d(x[0], 2); })},
      {"average_pool2d", on_images([](const Tensors& x) { return at::avg_pool2d(x[0], 2); })},
      {"global_average_pool2d", on_images([](const Tensors& x) {
         return at::adaptive_avg_pool2d(x[0], {1, 1});
       })},
      {"global_max_pool2d", on_images([](const Tensors& x) {
         return std::get<0>(at::adaptive_max_pool2d(x[0], {1, 1}));
       })},
      {"batch_normalization", on_images([](const Tensors& x) {
         return at::batch_norm(x[0], x[3], x[4], x[1], x[2], false, 0.1, 1e-3, false);
       })},
      {"batch_normalization[training]", on_images([](const Tensors& x) {
         return at::batch_norm(x[0], x[1], x[2], {}, {}, true, 0.1, 1e-3, false);
       })},
      {"group_normalization",
       on_images([](const Tensors& x) { return at::group_norm(x[0], 4, x[1], x[2], 1e-3); })},
  };
  calls.merge(Calls{
      {"layer_normalization",
       [](const Tensors& x) { return at::layer_norm(x[0], {x[0].size(-1)}, x[1], x[2], 1e-3); }},
      {"rms_normalization",
       {[](const Tensors& x) { return x[0] * at::rsqrt(x[0].square().mean(-1, true) + 1e-6) * x[1]; },
        kComposed}},
      {"l2_normalize", [](const Tensors& x) { return F::normalize(x[0]); }},
      {"dropout", [](const Tensors& x) { return at::dropout(x[0], 0.5, true); }},
      {"embedding", [](const Tensors& x) { return at::embedding(x[0], x[1]); }},
      {"one_hot", {[](const Tensors& x) { return at::one_hot(x[0], 100).to(at::kFloat); }, kComposed}},
      {"scaled_dot_product_attention",
       {[](const Tensors& x) { return attention(x[0], x[1], x[2]); }, kComposed}},
      {"simple_rnn", Call([](const Tensors& x) {
                       const auto result =
                           at::rnn_tanh(x[0], initial(x), weights(x), true, 1, 0, true, false, true);
                       return last_step(std::get<0>(result));
                     }).with_layout(recurrent)},
      {"lstm", Call([](const Tensors& x) {
                 const auto result =
                     at::lstm(x[0], {initial(x), initial(x)}, weights(x), true, 1, 0, true, false, true);
                 return last_step(std::get<0>(result));
               }).with_layout(recurrent)},
      {"gru", Call([](const Tensors& x) {
                const auto result = at::gru(x[0], initial(x), weights(x), true, 1, 0, true, false, true);
                return last_step(std::get<0>(result));
              }).with_layout(recurrent)},
  });
  return calls;
}

}  // namespace gradus::bench
