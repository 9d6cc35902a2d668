#include "cases.h"

namespace gradus::bench {

namespace {

// A case whose size is the shape of its first operand.
Case of(const std::string& op, std::vector<Input> inputs, const std::string& variant = "",
        std::int64_t axis = -1) {
  std::string size;
  for (const std::int64_t extent : inputs[0].shape) {
    size += (size.empty() ? "" : "x") + std::to_string(extent);
  }
  return {op, variant, size, std::move(inputs), axis};
}

std::vector<Case> convolution_cases() {
  return {of("conv1d", {{{8, 64, 8}}, {{3, 8, 16}}}),
          of("conv1d", {{{16, 512, 32}}, {{5, 32, 64}}}),
          of("conv2d", {{{8, 32, 32, 16}}, {{3, 3, 16, 32}}}),
          of("conv2d", {{{64, 28, 28, 1}}, {{3, 3, 1, 32}}}),
          of("conv2d", {{{8, 32, 32, 16}}, {{3, 3, 16, 32}}}, "same"),
          of("conv2d", {{{8, 32, 32, 16}}, {{3, 3, 16, 32}}}, "strides=2"),
          of("conv3d", {{{1, 8, 8, 8, 4}}, {{3, 3, 3, 4, 8}}}),
          of("conv3d", {{{2, 16, 16, 16, 8}}, {{3, 3, 3, 8, 16}}}),
          of("depthwise_conv2d", {{{2, 16, 16, 8}}, {{3, 3, 8, 1}}}),
          of("depthwise_conv2d", {{{8, 32, 32, 32}}, {{3, 3, 32, 1}}}),
          of("separable_conv2d", {{{2, 16, 16, 8}}, {{3, 3, 8, 1}}, {{1, 1, 8, 16}}}),
          of("separable_conv2d", {{{8, 32, 32, 32}}, {{3, 3, 32, 1}}, {{1, 1, 32, 64}}}),
          of("conv2d_transpose", {{{2, 8, 8, 8}}, {{3, 3, 4, 8}}}),
          of("conv2d_transpose", {{{8, 16, 16, 32}}, {{3, 3, 16, 32}}}),
          of("extract_patches", {{{2, 16, 16, 4}}}),
          of("extract_patches", {{{8, 32, 32, 16}}})};
}

std::vector<Case> image_cases() {
  std::vector<Case> cases;
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{2, 16, 16, 8}, {32, 28, 28, 32}}) {
    for (const char* op : {"max_pool2d", "average_pool2d", "global_average_pool2d", "global_max_pool2d"}) {
      cases.push_back(of(op, {{shape}}));
    }
    cases.push_back(of("resize2d", {{shape}}, "nearest"));
    cases.push_back(of("resize2d", {{shape}}, "bilinear"));
    const std::vector<std::int64_t> series = {shape[0], shape[1] * shape[2], shape[3]};
    for (const char* op : {"max_pool1d", "average_pool1d"}) cases.push_back(of(op, {{series}}));
    const std::vector<std::int64_t> channels = {shape[3]};
    const Input gain{channels, Fill::uniform, 0.5, 1.5};
    const Input statistics{channels, Fill::uniform, 0.5, 1.5, true};
    cases.push_back(of("batch_normalization", {{shape}, statistics, statistics, gain, gain}));
    cases.push_back(of("batch_normalization", {{shape}, gain, gain}, "training"));
    cases.push_back(of("group_normalization", {{shape}, gain, gain}));
  }
  return cases;
}

std::vector<Case> row_cases() {
  std::vector<Case> cases;
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{32, 64}, {512, 1024}}) {
    const Input gain{{shape[1]}, Fill::uniform, 0.5, 1.5};
    cases.push_back(of("layer_normalization", {{shape}, gain, gain}));
    cases.push_back(of("rms_normalization", {{shape}, gain}));
    cases.push_back(of("l2_normalize", {{shape}}));
    cases.push_back(of("dropout", {{shape}}));
    const Input indices{{shape[0]}, Fill::integers, 0, 1000};
    cases.push_back(of("embedding", {{{1000, shape[1]}}, indices}, "", shape[0]));
    cases.back().size += "," + std::to_string(shape[0]);
    cases.push_back(of("one_hot", {{{shape[0]}, Fill::integers, 0, 100}}));
  }
  return cases;
}

std::vector<Case> sequence_cases() {
  std::vector<Case> cases;
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{2, 4, 32, 16}, {4, 8, 128, 64}}) {
    cases.push_back(of("scaled_dot_product_attention", {{shape}, {shape}, {shape}}));
  }
  struct Recurrent {
    const char* op;
    std::int64_t gates;
  };
  for (const auto& [op, gates] : {Recurrent{"simple_rnn", 1}, {"lstm", 4}, {"gru", 3}}) {
    for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{4, 16, 32}, {32, 50, 128}}) {
      const std::int64_t units = shape[2];
      Input kernel{{shape[2], gates * units}, Fill::uniform, -0.1, 0.1};
      Input recurrent{{units, gates * units}, Fill::uniform, -0.1, 0.1};
      Input bias{{gates * units}, Fill::uniform, -0.1, 0.1};
      if (gates == 3) bias.shape = {2, gates * units};
      cases.push_back(of(op, {{shape, Fill::uniform, -1, 1}, kernel, recurrent, bias}));
    }
  }
  return cases;
}

}  // namespace

std::vector<Case> nn_cases() {
  std::vector<Case> cases;
  for (const auto group : {convolution_cases, image_cases, row_cases, sequence_cases}) {
    for (Case& item : group()) cases.push_back(std::move(item));
  }
  return cases;
}

}  // namespace gradus::bench
