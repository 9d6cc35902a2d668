#include "our_calls.h"

#include <gradus/graph/random.h>
#include <gradus/ops/nn.h>

#include <memory>

namespace gradus::bench {

namespace {

Call dropped() {
  auto random = std::make_shared<Random>(1);
  return [random](In x, const Case&) { return dropout(x[0], *random, {.rate = 0.5}); };
}

// Twice the size of the image.
Call resized(Interpolation interpolation) {
  return [interpolation](In x, const Case& item) {
    const std::vector<std::int64_t>& shape = item.inputs[0].shape;
    return resize2d(x[0], {2 * shape[1], 2 * shape[2]}, {.interpolation = interpolation});
  };
}

}  // namespace

Calls nn_calls() {
  return {
      {"conv1d", [](In x, const Case&) { return conv1d(x[0], x[1]); }},
      {"conv2d", [](In x, const Case&) { return conv2d(x[0], x[1]); }},
      {"conv2d[same]", [](In x, const Case&) { return conv2d(x[0], x[1], {.padding = "same"}); }},
      {"conv2d[strides=2]", [](In x, const Case&) { return conv2d(x[0], x[1], {.strides = 2}); }},
      {"conv3d", [](In x, const Case&) { return conv3d(x[0], x[1]); }},
      {"depthwise_conv2d", [](In x, const Case&) { return depthwise_conv2d(x[0], x[1]); }},
      {"separable_conv2d", [](In x, const Case&) { return separable_conv2d(x[0], x[1], x[2]); }},
      {"conv2d_transpose", [](In x, const Case&) { return conv2d_transpose(x[0], x[1]); }},
      {"extract_patches", [](In x, const Case&) { return extract_patches(x[0], 3, {.strides = 1}); }},
      {"resize2d[nearest]", resized("nearest")},
      {"resize2d[bilinear]", resized("bilinear")},
      {"max_pool1d", [](In x, const Case&) { return max_pool1d(x[0]); }},
      {"average_pool1d", [](In x, const Case&) { return average_pool1d(x[0]); }},
      {"max_pool2d", [](In x, const Case&) { return max_pool2d(x[0]); }},
      {"average_pool2d", [](In x, const Case&) { return average_pool2d(x[0]); }},
      {"global_average_pool2d", [](In x, const Case&) { return global_average_pool2d(x[0]); }},
      {"global_max_pool2d", [](In x, const Case&) { return global_max_pool2d(x[0]); }},
      {"batch_normalization",
       [](In x, const Case&) {
         return batch_normalization(x[0], x[1], x[2], {.offset = x[4], .scale = x[3]});
       }},
      {"batch_normalization[training]",
       [](In x, const Case&) { return batch_normalization_training(x[0], x[1], x[2]).output; }},
      {"layer_normalization", [](In x, const Case&) { return layer_normalization(x[0], x[1], x[2]); }},
      {"group_normalization",
       [](In x, const Case&) { return group_normalization(x[0], x[1], x[2], {.groups = 4}); }},
      {"rms_normalization", [](In x, const Case&) { return rms_normalization(x[0], x[1]); }},
      {"l2_normalize", [](In x, const Case&) { return l2_normalize(x[0]); }},
      {"dropout", dropped()},
      {"embedding", [](In x, const Case&) { return embedding(x[0], x[1]); }},
      {"one_hot", [](In x, const Case&) { return one_hot(x[0], 100); }},
      {"scaled_dot_product_attention",
       [](In x, const Case&) { return scaled_dot_product_attention(x[0], x[1], x[2]); }},
      {"simple_rnn", [](In x, const Case&) { return simple_rnn(x[0], x[1], x[2], x[3]).output; }},
      {"lstm", [](In x, const Case&) { return lstm(x[0], x[1], x[2], x[3]).output; }},
      {"gru", [](In x, const Case&) { return gru(x[0], x[1], x[2], x[3]).output; }},
  };
}

}  // namespace gradus::bench
