// Convolutions large enough for the fast ways that float32 has, against float64, which has none of them.

#include <gradus/graph/random.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>

#include "values.h"

#include <algorithm>

namespace gradus {
namespace {

struct Case {
  std::string name;
  Shape x, kernel;
  std::function<Variable(const Operand&, const Operand&)> call;
};

Case plain(const std::string& name, const Shape& x, const Shape& kernel,
           const ConvolutionOptions& options = {}) {
  return {name, x, kernel, [=](const Operand& a, const Operand& b) { return conv2d(a, b, options); }};
}

std::vector<Case> cases() {
  using V = const Operand&;
  return {
      plain("plain", {8, 14, 14, 16}, {3, 3, 16, 32}),
      plain("one channel", {16, 28, 28, 1}, {3, 3, 1, 32}),
      plain("one channel and a border", {13, 27, 28, 1}, {3, 3, 1, 48}, {.padding = "same"}),
      plain("one channel, dilated", {3, 20, 21, 1}, {2, 4, 1, 16},
            {.padding = "same", .dilation_rate = {3, 2}}),
      plain("three channels", {5, 33, 31, 3}, {3, 3, 3, 32}, {.strides = {2, 3}, .padding = "same"}),
      plain("two channels, large windows", {9, 12, 12, 2}, {4, 4, 2, 16}, {.strides = 4}),
      plain("one channel, small windows", {40, 9, 8, 1}, {2, 2, 1, 16}, {.strides = 2, .padding = "same"}),
      plain("one channel, pixels", {11, 30, 8, 1}, {1, 1, 1, 48}),
      plain("two channels, pixels", {11, 30, 8, 2}, {1, 2, 2, 24}),
      plain("windows larger than images", {300, 3, 3, 1}, {5, 5, 1, 16}, {.padding = "same"}),
      plain("windows far larger than images", {40, 8, 8, 1}, {2, 2, 1, 16},
            {.padding = "same", .dilation_rate = 1000}),
      plain("odd channels", {5, 17, 13, 7}, {3, 2, 7, 10}, {.padding = "same"}),
      plain("uneven batch", {37, 13, 13, 8}, {3, 3, 8, 24}),
      plain("strides", {6, 15, 16, 16}, {3, 3, 16, 16}, {.strides = {2, 3}, .padding = "same"}),
      plain("strides leave pixels", {6, 16, 16, 16}, {3, 3, 16, 16}, {.strides = 3}),
      plain("pixels", {8, 14, 14, 32}, {1, 1, 32, 32}),
      plain("strided pixels", {8, 14, 15, 32}, {1, 1, 32, 32}, {.strides = 2}),
      plain("dilation", {6, 20, 20, 16}, {3, 3, 16, 16}, {.padding = "same", .dilation_rate = 2}),
      plain("groups", {6, 14, 14, 32}, {3, 3, 8, 48}, {.groups = 4}),
      plain("odd groups", {6, 14, 14, 12}, {3, 3, 4, 15}, {.groups = 3}),
      {"depthwise",
       {6, 28, 28, 32},
       {3, 3, 32, 1},
       [](V a, V b) { return depthwise_conv2d(a, b, {.padding = "same"}); }},
      {"depthwise twice", {6, 28, 28, 16}, {3, 3, 16, 2}, [](V a, V b) { return depthwise_conv2d(a, b); }},
      {"1d", {8, 100, 16}, {5, 16, 24}, [](V a, V b) { return conv1d(a, b, {.padding = "same"}); }},
      {"1d, small", {40, 100, 1}, {3, 1, 24}, [](V a, V b) { return conv1d(a, b); }},
      {"transposed to one channel",
       {11, 9, 8, 16},
       {2, 2, 1, 16},
       [](V a, V b) { return conv2d_transpose(a, b, {.strides = 2}); }},
      {"1d of one channel",
       {7, 300, 1},
       {5, 1, 16},
       [](V a, V b) { return conv1d(a, b, {.padding = "same"}); }},
      {"3d of one channel", {2, 7, 9, 10, 1}, {2, 3, 2, 1, 16}, [](V a, V b) { return conv3d(a, b); }},
      {"3d", {2, 8, 9, 10, 8}, {3, 3, 3, 8, 16}, [](V a, V b) { return conv3d(a, b); }},
      {"transposed",
       {6, 8, 8, 32},
       {3, 3, 16, 32},
       [](V a, V b) { return conv2d_transpose(a, b, {.strides = 2}); }},
      {"transposed and cut", {6, 8, 8, 32}, {3, 3, 16, 32}, [](V a, V b) {
         return conv2d_transpose(a, b, {.strides = 3, .padding = "same", .output_padding = 1});
       }}};
}

// y and the gradients of x and of the kernel.
std::vector<Tensor> results(const Case& of, const Tensor& x, const Tensor& kernel, const Tensor& weights) {
  const Variable a(x, {.requires_grad = true}), b(kernel, {.requires_grad = true});
  const Variable y = of.call(a, b);
  const auto d = gradients(y, {a, b}, {.seeds = Variable(weights)});
  return {y.value(), d[0].value(), d[1].value()};
}

void expect_close(const Tensor& narrow, const Tensor& wide, const std::string& what) {
  ASSERT_EQ(narrow.shape(), wide.shape()) << what;
  const std::vector<double> a = narrow.to_vector<double>(), b = wide.to_vector<double>();
  double largest = 0, apart = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(std::isnan(a[i]), std::isnan(b[i])) << what << " at " << i;
    if (std::isnan(a[i])) continue;
    largest = std::max(largest, std::abs(b[i]));
    apart = std::max(apart, std::abs(a[i] - b[i]));
  }
  EXPECT_LE(apart, 1e-5 * largest) << what;
}

TEST(Convolution, AgreesWithFloat64InAllItsParts) {
  for (const Case& of : cases()) {
    Random random(3);
    const Tensor x = random.normal(of.x), kernel = random.normal(of.kernel);
    const Shape shape = of.call(x, kernel).shape();
    const Tensor weights = random.normal(shape);
    const auto narrow = results(of, x, kernel, weights);
    const auto wide =
        results(of, x.cast(DType::float64), kernel.cast(DType::float64), weights.cast(DType::float64));
    for (std::size_t i = 0; i < 3; ++i) {
      expect_close(narrow[i], wide[i], of.name + (i == 0 ? " y" : i == 1 ? " dx" : " dkernel"));
    }
  }
}

TEST(Convolution, AddsABiasAsAnAdditionWould) {
  struct Biased {
    Shape x, kernel;
    ConvolutionOptions options = {};
  };
  for (const Biased& of :
       {Biased{{16, 28, 28, 1}, {3, 3, 1, 32}}, Biased{{7, 9, 9, 3}, {3, 3, 3, 80}, {.padding = "same"}},
        Biased{{37, 13, 13, 8}, {3, 3, 8, 24}},
        Biased{{6, 15, 16, 16}, {3, 3, 16, 16}, {.strides = 2, .padding = "same"}},
        Biased{{6, 14, 14, 12}, {3, 3, 4, 15}, {.groups = 3}}, Biased{{2, 5, 5, 2}, {2, 2, 2, 3}}}) {
    Random random(6);
    const Tensor x = random.normal(of.x), kernel = random.normal(of.kernel);
    const Tensor bias = random.normal({of.kernel.back()});
    const Tensor weights = random.normal(conv2d(x, kernel, of.options).shape());
    using Biased2d = Variable (*)(const Variable&, const Variable&, const Variable&, ConvolutionOptions);
    const auto all = [&](DType dtype, Biased2d call) {
      const Variable a(x.cast(dtype), {.requires_grad = true}), images(x.cast(dtype)),
          b(kernel.cast(dtype), {.requires_grad = true}), c(bias.cast(dtype), {.requires_grad = true});
      const Variable y = call(a, b, c, of.options), seeds(weights.cast(dtype));
      std::vector<Tensor> results = {y.value()};
      for (const Variable& d : gradients(y, {a, b, c}, {.seeds = seeds})) results.push_back(d.value());
      const Variable of_images = call(images, b, c, of.options);  // whose gradient nobody wants
      for (const Variable& d : gradients(of_images, {b, c}, {.seeds = seeds})) results.push_back(d.value());
      return results;
    };
    using V = const Variable&;
    const auto narrow = all(DType::float32, [](V a, V b, V c, ConvolutionOptions options) {
      options.bias = c;
      return conv2d(a, b, options);
    });
    const auto wide = all(
        DType::float64, [](V a, V b, V c, ConvolutionOptions options) { return conv2d(a, b, options) + c; });
    for (std::size_t i = 0; i < narrow.size(); ++i) {
      expect_close(narrow[i], wide[i], to_string(of.x) + ", part " + std::to_string(i));
    }
  }
}

TEST(Convolution, TakesReluAsTheOpWould) {
  struct Rectified {
    Shape x, kernel;
    ConvolutionOptions options = {};
  };
  for (const Rectified& of : {Rectified{{16, 28, 28, 1}, {3, 3, 1, 32}},
                              Rectified{{7, 9, 9, 3}, {3, 3, 3, 16}, {.padding = "same"}},
                              Rectified{{21, 13, 13, 8}, {3, 3, 8, 24}},
                              Rectified{{6, 14, 14, 12}, {3, 3, 4, 15}, {.groups = 3}}}) {
    Random random(8);
    const Tensor images = random.normal(of.x);
    images.raw<float>()[5] = std::numeric_limits<float>::quiet_NaN();
    const Variable x(images, {.requires_grad = true}),
        kernel(random.normal(of.kernel), {.requires_grad = true}),
        bias(random.normal({of.kernel.back()}), {.requires_grad = true});
    ConvolutionOptions fused = of.options, plain = of.options;
    plain.bias = fused.bias = bias;
    fused.relu = true;
    const auto compare = [&](const Variable& from, const std::vector<Variable>& to) {
      const Variable y = conv2d(from, kernel, fused), z = relu(conv2d(from, kernel, plain));
      EXPECT_TRUE(identical(y.value(), z.value())) << to_string(of.x);
      const Variable seeds(random.normal(y.shape()));
      for (const bool create_graph : {false, true}) {
        const auto got = gradients(y, to, {.create_graph = create_graph, .seeds = seeds});
        const auto want = gradients(z, to, {.create_graph = create_graph, .seeds = seeds});
        for (std::size_t i = 0; i < to.size(); ++i) {
          EXPECT_TRUE(identical(got[i].value(), want[i].value())) << to_string(of.x) << ", operand " << i;
        }
      }
    };
    compare(x, {x, kernel, bias});
    compare(Variable(images), {kernel, bias});
  }
}

TEST(Convolution, LosesNoDigitsOverManyPositions) {
  constexpr std::int64_t kPositions = std::int64_t{1} << 20;
  const Variable kernel(Tensor::ones({3, 1, 16}), {.requires_grad = true});
  const Variable bias(Tensor::zeros({16}), {.requires_grad = true});
  const Variable y = conv1d(Tensor::full({1, kPositions, 1}, 0.1), kernel, {.padding = "same", .bias = bias});
  const auto d = gradients(y, {kernel, bias}, {.seeds = Variable(Tensor::full(y.shape(), 0.1))});
  constexpr double kTenth = 0.1F, kEdge = kPositions - 1;
  const std::vector<double> ends = d[0].value().to_vector<double>();
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const double taps = i / 16 == 1 ? kPositions : kEdge;
    EXPECT_NEAR(ends[i], taps * kTenth * kTenth, 1e-5 * ends[i]) << i;
  }
  for (const double sum : d[1].value().to_vector<double>()) EXPECT_NEAR(sum, kPositions * kTenth, 1e-5 * sum);
}

TEST(Convolution, OfAFrozenKernelGivesTheBiasItsGradient) {
  const Variable bias(Tensor::zeros({16}), {.requires_grad = true});
  for (const bool rectified : {false, true}) {
    const Variable y =
        conv2d(Tensor::ones({2, 5, 5, 1}), Tensor::ones({3, 3, 1, 16}), {.bias = bias, .relu = rectified});
    EXPECT_THAT(list(gradient(sum(y), bias)), testing::Each(18));
  }
}

TEST(Convolution, NaNReachesTheWindowsThatSeeIt) {
  for (const Case& of : cases()) {
    Random random(4);
    Tensor x = random.normal(of.x), kernel = random.normal(of.kernel);
    x.mutable_values<float>()[static_cast<std::size_t>(x.size() / 2)] =
        std::numeric_limits<float>::quiet_NaN();
    expect_close(of.call(x, kernel).value(),
                 of.call(x.cast(DType::float64), kernel.cast(DType::float64)).value(), of.name);
  }
}

TEST(Convolution, GivesTheSameBitsTwice) {
  for (const Case& of : cases()) {
    Random random(5);
    const Tensor x = random.normal(of.x), kernel = random.normal(of.kernel);
    const Tensor weights = random.normal(of.call(x, kernel).shape());
    const auto once = results(of, x, kernel, weights), twice = results(of, x, kernel, weights);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(identical(once[i], twice[i])) << of.name;
  }
}

}  // namespace
}  // namespace gradus
