// The conventions of the ops of networks, where frameworks differ.

#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include "../every_op.h"
#include "../values.h"

namespace gradus {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

// A line of pixels as images of one channel.
Tensor line(const std::vector<float>& pixels) { return Tensor(pixels, {1, pixels.size(), 1}); }

TEST(NnConventions, AZeroRowBatchFlowsThroughEveryOp) {
  for (const OpInfo& info : catalogue()) {
    if (info.family != "nn") continue;
    Random random(kSeed);
    bool found = false;
    for (const OpSample& sample : info.samples(random, kExtent)) {
      const Tensor y = value(sample, DType::float32);
      if (y.rank() == 0 || y.shape()[0] != 0) continue;
      found = true;
      if (!info.differentiable()) continue;
      for (const Tensor& gradient : weighted_gradients(sample, DType::float32)) {
        EXPECT_THAT(gradient.to_vector<double>(), Each(0)) << info.name << ": " << describe(sample);
      }
    }
    EXPECT_TRUE(found) << info.name << " has no sample without rows";
  }
}

TEST(NnConventions, SamePaddingPutsTheOddPixelAtTheEnd) {
  const Tensor x = line({1, 2, 3, 4}), pair = Tensor({{{1}}, {{10}}});
  EXPECT_THAT(list(conv1d(x, pair, {.padding = "same"})), ElementsAre(21, 32, 43, 4));
  EXPECT_THAT(list(conv1d(line({1, 2, 3, 4, 5}), pair, {.strides = 2, .padding = "same"})),
              ElementsAre(21, 43, 5));
  EXPECT_THAT(list(max_pool1d(line({4, 3, 2, 1, 0}), {.pool_size = 2, .padding = "same"})),
              ElementsAre(4, 2, 0));
  EXPECT_THAT(list(extract_patches(x.reshape({1, 2, 2, 1}), {1, 2}, {.strides = 1, .padding = "same"})),
              ElementsAre(1, 2, 2, 0, 3, 4, 4, 0));
  // Three taps reach one pixel further on each side: as much before as behind.
  EXPECT_THAT(list(conv1d(x, Tensor({{{1}}, {{10}}, {{100}}}), {.padding = "same"})),
              ElementsAre(210, 321, 432, 43));
}

TEST(NnConventions, ImagesAreRowsColumnsChannels) {
  // Two channels in, one out; the kernel's value at (row 0, column 1, channel 1).
  Tensor kernel = Tensor::zeros({1, 2, 2, 1});
  kernel.mutable_values<float>()[3] = 1;
  const Tensor x = Tensor::arange(8).reshape({1, 2, 2, 2});
  EXPECT_THAT(list(conv2d(x, kernel)), ElementsAre(3, 7));
  const Tensor each = Tensor({1, 10, 100, 1000}).reshape({1, 1, 2, 2});
  EXPECT_THAT(list(depthwise_conv2d(Tensor({2, 3}).reshape({1, 1, 1, 2}), each)),
              ElementsAre(2, 20, 300, 3000));
}

TEST(NnConventions, InPoolingTheFirstOfEqualValuesHasTheGradient) {
  const auto pooled = [](const Variable& x) { return max_pool1d(x, {.pool_size = 3}); };
  EXPECT_THAT(slopes(pooled, line({1, 5, 5, 2, 2, 2})), ElementsAre(0, 1, 0, 1, 0, 0));
  const auto image = [](const Variable& x) { return global_max_pool2d(x); };
  EXPECT_THAT(slopes(image, Tensor({{7, 1}, {7, 7}}).reshape({1, 2, 2, 1})), ElementsAre(1, 0, 0, 0));
  EXPECT_TRUE(std::isnan(max_pool1d(line({1, NAN, 3}), {.pool_size = 3}).item()));
}

TEST(NnConventions, AveragePoolingDividesByThePixelsOfTheImage) {
  const PoolingOptions options = {.pool_size = 3, .strides = 1, .padding = "same"};
  EXPECT_THAT(list(average_pool1d(line({1, 2, 6}), options)), ElementsAre(1.5, 3, 4));
}

TEST(NnConventions, AKernelLargerThanAValidImageIsAnError) {
  const Tensor x = Tensor::ones({1, 3, 3, 1}), kernel = Tensor::ones({4, 4, 1, 1});
  const auto refuses = [](const auto& call) {
    EXPECT_THAT(call, ThrowsMessage<ShapeError>(HasSubstr("is larger than the image")));
  };
  refuses([&] { conv2d(x, kernel); });
  refuses([&] { depthwise_conv2d(x, kernel); });
  refuses([&] { separable_conv2d(x, kernel, Tensor::ones({1, 1, 1, 1})); });
  refuses([&] { max_pool2d(x, {.pool_size = 4}); });
  refuses([&] { average_pool2d(x, {.pool_size = 4}); });
  refuses([&] { extract_patches(x, 4); });
  refuses([&] { max_pool1d(Tensor::ones({1, 3, 1}), {.pool_size = 4}); });
  refuses([&] { conv1d(Tensor::ones({1, 0, 1}), Tensor::ones({1, 1, 1})); });
  EXPECT_EQ(conv2d(x, kernel, {.padding = "same"}).shape(), (Shape{1, 3, 3, 1}));
}

TEST(NnConventions, WindowsHaveAnExtentAndAStep) {
  const Tensor x = Tensor::ones({1, 3, 3, 1}), kernel = Tensor::ones({1, 1, 1, 1});
  for (const std::int64_t none : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 62}) {
    EXPECT_THROW(max_pool2d(x, {.pool_size = none}), ValueError);
    EXPECT_THROW(max_pool2d(x, {.strides = none}), ValueError);
    EXPECT_THROW(average_pool2d(x, {.pool_size = {1, none}}), ValueError);
    EXPECT_THROW(conv2d(x, kernel, {.strides = none}), ValueError);
    EXPECT_THROW(conv2d(x, kernel, {.dilation_rate = none}), ValueError);
    EXPECT_THROW(conv2d_transpose(x, kernel, {.strides = none}), ValueError);
    EXPECT_THROW(extract_patches(x, none), ValueError);
    EXPECT_THROW(resize2d(x, none), ValueError);
  }
  // However large a window is, its work is that of the pixels it covers.
  EXPECT_EQ(average_pool2d(x, {.pool_size = 2147483647, .padding = "same"}).item(), 1);
  for (const std::int64_t dilation : {100000, 2147483647}) {
    const Variable y = conv2d(Tensor::ones({1, 2, 2, 1}), Tensor::ones({3, 3, 1, 16}),
                              {.padding = "same", .dilation_rate = dilation});
    EXPECT_THAT(list(y), Each(1));
  }
}

TEST(NnConventions, AnUnknownNameListsTheKnownOnes) {
  EXPECT_THAT([] { Padding("smae"); },
              ThrowsMessage<ValueError>(
                  HasSubstr("unknown padding 'smae'; known are 'valid', 'same'; did you mean 'same'?")));
  EXPECT_THAT(
      [] { Interpolation("cubic"); },
      ThrowsMessage<ValueError>(HasSubstr("unknown interpolation 'cubic'; known are 'nearest', 'bilinear'")));
}

TEST(NnConventions, ATransposedConvolutionUndoesTheShape) {
  const auto size = [](std::int64_t n, std::int64_t k, std::int64_t stride, Padding padding) {
    return conv2d_transpose(Tensor::ones({1, n, 1, 1}), Tensor::ones({k, 1, 1, 1}),
                            {.strides = {stride, 1}, .padding = padding})
        .shape()[1];
  };
  EXPECT_EQ(size(3, 2, 2, "same"), 6);
  EXPECT_EQ(size(3, 5, 2, "same"), 6);
  EXPECT_EQ(size(3, 5, 2, "valid"), 9);
  EXPECT_EQ(size(3, 1, 2, "valid"), 6);
}

TEST(NnConventions, ResizingTakesPixelsAtTheirCenters) {
  const Tensor x = Tensor({0, 4}).reshape({1, 1, 2, 1});
  EXPECT_THAT(list(resize2d(x, {1, 4}, {.interpolation = "bilinear"})), ElementsAre(0, 1, 3, 4));
  EXPECT_THAT(list(resize2d(x, {1, 4})), ElementsAre(0, 0, 4, 4));
  EXPECT_THAT(list(resize2d(Tensor::arange(6).reshape({1, 1, 6, 1}), {1, 2})), ElementsAre(1, 4));
}

TEST(NnConventions, ABatchOfOneRowIsNormalisedToBeta) {
  const Parameter x("x", {{3, -1e4, 0.5}}), gamma("gamma", {1, 2, 3}), beta("beta", {0.5, -1, 7});
  const NormalizedBatch y = batch_normalization_training(x, gamma, beta);
  EXPECT_THAT(list(y.output), ElementsAre(0.5, -1, 7));
  EXPECT_THAT(list(y.mean), ElementsAre(3, -1e4, 0.5));
  EXPECT_THAT(list(y.variance), ElementsAre(0, 0, 0));
  const auto found = gradients({sum(y.output)}, {x, gamma, beta});
  EXPECT_THAT(list(found[0]), Each(0));
  EXPECT_THAT(list(found[1]), Each(0));
  EXPECT_THAT(list(found[2]), Each(1));
}

TEST(NnConventions, AVectorOfZerosHasNoDirection) {
  const auto f = [](const Variable& x) { return l2_normalize(x); };
  EXPECT_THAT(list(f(Variable(Tensor::zeros({1, 3})))), Each(0));
  EXPECT_THAT(slopes(f, Tensor::zeros({1, 3})), Each(0));
  EXPECT_NEAR(l2_normalize(Tensor({3, 4}, DType::float64)).value()(1), 0.8, 1e-15);
}

TEST(NnConventions, NormalisationsLoseNoDigitsFarFromZero) {
  // Deviations of 1 at 1e8: a variance by E(x^2) - E(x)^2 would have none left.
  const Tensor x = Tensor({1e8 - 1, 1e8, 1e8 + 1}, DType::float64);
  const double expected = 1 / std::sqrt(2.0 / 3);
  EXPECT_NEAR(layer_normalization(x, {.epsilon = 0}).value()(2), expected, 1e-12);
  EXPECT_NEAR(group_normalization(x.reshape({1, 3}), {.groups = 1, .epsilon = 0}).value()(0, 2), expected,
              1e-12);
}

TEST(NnConventions, DroppingScalesWhatIsKept) {
  Random random(3), again(3);
  const Tensor x = Tensor::ones({100, 100});
  const Variable y = dropout(x, random, {.rate = 0.25});
  EXPECT_NEAR(mean(y).item(), 1, 0.02);
  EXPECT_TRUE(identical(y.value(), dropout(x, again, {.rate = 0.25}).value()));
  EXPECT_FALSE(identical(y.value(), dropout(x, random, {.rate = 0.25}).value())) << "each call draws anew";
  for (const double rate : {-0.1, 1.0, 1.5, kInf}) {
    EXPECT_THAT([&] { dropout(x, random, {.rate = rate}); },
                ThrowsMessage<ValueError>(HasSubstr("dropout: rate must be in [0, 1), got")));
  }
}

TEST(NnConventions, AnIndexThatIsNoRowIsAnErrorThatNamesIt) {
  const Tensor table = Tensor::ones({4, 2});
  for (const std::int64_t index : {std::int64_t{4}, std::int64_t{-1}, std::int64_t{1} << 62}) {
    const std::string text = "index " + std::to_string(index) + " is out of range [0, 4) (";
    const Tensor wrong(std::vector<std::int64_t>{0, index});
    EXPECT_THAT([&] { embedding(table, wrong); }, ThrowsMessage<ValueError>(HasSubstr("embedding: " + text)));
    EXPECT_THAT([&] { one_hot(wrong, 4); }, ThrowsMessage<ValueError>(HasSubstr("one_hot: " + text)));
  }
  EXPECT_EQ(one_hot(Tensor({1}), 2, {.dtype = DType::boolean}).dtype(), DType::boolean);
}

TEST(NnConventions, ARowOfATableIsAddedToAsOftenAsItWasTaken) {
  const Parameter table("table", Tensor::ones({3, 2}));
  const Variable y = embedding(table, Tensor({2, 0, 2}, DType::int64));
  EXPECT_THAT(list(gradient(sum(y), table)), ElementsAre(1, 1, 0, 0, 2, 2));
}

TEST(NnConventions, ALargeTableIsNotTouchedButForTheRowsThatWereTaken) {
  const Parameter table("table", Tensor::zeros({200000, 4}));
  const Tensor indices({{7, 7}, {199999, 0}}, DType::int64);
  reset_peak_memory();
  const std::size_t before = memory_stats().in_use;
  sum(embedding(table, indices)).backward();
  EXPECT_LT(memory_stats().peak - before, table.value().bytes() / 10);
  const Parameter small("small", Tensor::zeros({10, 4}));
  sum(embedding(small, Tensor({{7, 7}, {9, 0}}, DType::int64))).backward();
  for (const std::int64_t row : {0, 1, 7}) EXPECT_EQ(table.grad()(row, 2), small.grad()(row, 2));
  EXPECT_EQ(table.grad()(199999, 3), 1);
}

TEST(NnConventions, AQueryThatMayAttendNothingGetsZeros) {
  Random random(1);
  const Variable q(random.normal({2, 3}), {.requires_grad = true});
  const Tensor k = random.normal({4, 3}), v = random.normal({4, 2});
  const Tensor mask({{1, 1, 0, 1}, {0, 0, 0, 0}}, DType::boolean);
  const Tensor bias = Tensor::full({2, 4}, -kInf);
  const Variable masked = scaled_dot_product_attention(q, k, v, {.mask = mask});
  EXPECT_THAT(list(slice(masked, {{.start = 1}})), Each(0));
  EXPECT_THAT(list(slice(gradient(sum(masked), q), {{.start = 1}})), Each(0));
  const Variable none = scaled_dot_product_attention(q, k, v, {.bias = bias});
  EXPECT_THAT(list(none), Each(0));
  EXPECT_THAT(list(gradient(sum(none), q)), Each(0));
}

TEST(NnConventions, AttentionIsExactForHugeScores) {
  const Tensor q({{1e4}, {-1e4}}), k = {{1}, {-1}, {0}}, v = {{1, 2}, {3, 4}, {5, 6}};
  EXPECT_THAT(list(scaled_dot_product_attention(q, k, v, {.scale = 1.0})), ElementsAre(1, 2, 3, 4));
  const Tensor scores = Tensor::zeros({3, 1}), keys = Tensor::ones({3, 1}), values = {{1}, {3}, {8}};
  EXPECT_THAT(list(scaled_dot_product_attention(scores, keys, values, {.is_causal = true})),
              ElementsAre(1, 2, 4));
}

// A recurrent net's own backward kernel, against the same net made of ops (which create_graph takes).
TEST(NnConventions, BackwardThroughTimeAgreesWithTheNetMadeOfOps) {
  for (const std::string name : {"simple_rnn", "lstm", "gru"}) {
    Random random(kSeed);
    for (const OpSample& sample : find_op(name).samples(random, kExtent)) {
      const std::vector<Variable> x = operands(sample, DType::float64, true);
      const Variable y = sample.call(x);
      const Variable seed(Random(3).normal(y.shape(), {.dtype = DType::float64}));
      const auto fused = gradients(y, x, {.seeds = seed});
      const auto composed = gradients(y, x, {.create_graph = true, .seeds = seed});
      for (std::size_t i = 0; i < x.size(); ++i) {
        EXPECT_LE(difference(fused[i].value(), composed[i].value()), 1e-13)
            << name << ": " << describe(sample);
      }
    }
  }
}

TEST(NnConventions, ANetOverNoStepsKeepsItsInitialStates) {
  const Tensor x = Tensor::ones({2, 0, 3}), kernel = Tensor::ones({3, 8}), recurrent = Tensor::ones({2, 8});
  const Parameter h("h", {{1, 2}, {3, 4}});
  const LstmResult y = lstm(x, kernel, recurrent, {.return_sequences = true, .initial_hidden = h});
  EXPECT_EQ(y.output.shape(), (Shape{2, 0, 2}));
  EXPECT_THAT(list(y.hidden), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(list(y.cell), Each(0));
  EXPECT_THAT(list(gradient(sum(y.hidden), h)), Each(1));
}

}  // namespace
}  // namespace gradus
