// Layers of one's own that do not keep to the rules, options beyond all bounds, and handles after a move.
#include <gradus/graph/error.h>
#include <gradus/models/callbacks/early_stopping.h>
#include <gradus/models/data/dataset.h>
#include <gradus/models/layers/attention.h>
#include <gradus/models/layers/borders.h>
#include <gradus/models/layers/convolution.h>
#include <gradus/models/layers/input.h>
#include <gradus/models/layers/masking.h>
#include <gradus/models/layers/merge.h>
#include <gradus/models/layers/multi_head_attention.h>
#include <gradus/models/layers/pooling.h>
#include <gradus/models/layers/reshaping.h>
#include <gradus/models/layers/separable.h>
#include <gradus/models/layers/up_sampling.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "example_data.h"
#include "says.h"

namespace gradus {
namespace {

using testing_data::fit_ten;
using testing_data::regressor;
using testing_data::says;
using testing_data::sums;

constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();

struct GivesNothing : Layer::Kind {
  std::vector<Variable> call_all(const std::vector<Operand>&, const CallOptions&) override { return {}; }
  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override { return inputs; }
};
struct SaysNoShape : Layer::Kind {
  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions&) override {
    return {inputs[0].variable()};
  }
  std::vector<Shape> output_shapes(const std::vector<Shape>&) override { return {}; }
};

TEST(BadLayers, ALayerMustGiveAnOutput) {
  const auto message = says<StateError>("gives_nothing: GivesNothing gave no output");
  const Layer layer = GivesNothing();
  const Tensor x = Tensor::ones({4, 2});
  EXPECT_THAT([&] { layer(x); }, message);
  EXPECT_THAT([&] { layer.call_all({x}); }, message);
  Sequential model({.seed = 1});
  model.add(Dense(2, {.input_dim = 2}));
  EXPECT_THAT([&] { model.add(layer); }, message);
  EXPECT_EQ(model.layers().size(), 1U);
  const Layer shapeless = SaysNoShape();
  EXPECT_THAT([&] { shapeless(Input({2})); }, says<StateError>("SaysNoShape gave no output"));
}

TEST(BadLayers, ADeepChainOfSymbolsDiesByALoop) {
  Symbol last = Input({2});
  const Identity identity;
  for (int i = 0; i < 200'000; ++i) last = identity(last);
  EXPECT_EQ(last.shape(), (Shape{2}));
}

TEST(BadLayers, SymbolsThatAreSharedOutliveThoseMadeOfThem) {
  const Symbol in = Input({2});
  {
    Symbol sum = in + in;
    for (int i = 0; i < 40; ++i) sum = sum + sum;
  }
  EXPECT_EQ((in + in).call().inputs.size(), 2U);
}

TEST(BadLayers, SizesThatOverflowAreRefused) {
  const auto message = says<ValueError>("less than 2147483648", "got");
  EXPECT_THAT([] { UpSampling1D({.size = (std::int64_t{1} << 62) + 1}); }, message);
  EXPECT_THAT([] { UpSampling2D({.size = kHuge}); }, message);
  EXPECT_THAT([] { Cropping1D({.cropping = kHuge}); }, message);
  EXPECT_THAT([] { ZeroPadding2D({.padding = kHuge}); }, message);
  EXPECT_THAT([] { Conv1D(1, 2, {.padding = "causal", .dilation_rate = kHuge}); }, message);
  EXPECT_THAT([] { Conv2D(1, kHuge); }, message);
  EXPECT_THAT([] { Conv2D(kHuge, 1); }, message);
  EXPECT_THAT([] { DepthwiseConv2D(3, {.depth_multiplier = kHuge}); }, message);
  EXPECT_THAT([] { MaxPooling2D({.pool_size = kHuge, .padding = "same"}); }, message);
  EXPECT_THAT([] { MaxPooling2D({.strides = kHuge}); }, message);
  EXPECT_THAT([] { RepeatVector{kHuge}; }, message);
  EXPECT_THAT(
      [] {
        Reshape({kHuge, 2, -1}).output_shape({4});
      },
      says<ShapeError>("reshape: the number of elements of target_shape", "overflows"));
  EXPECT_THAT([] { Dense(kHuge).build({2}); }, says<ShapeError>("overflows"));
  EXPECT_THAT([] { Dense(1'000'000'000).build({1'000'000'000}); },
              says<ShapeError>("[1000000000, 1000000000] overflows"));
  EXPECT_THAT([] { Dense(1'000'000'000).build({1'000'000}); }, says<Error>("memory: "));
}

TEST(BadLayers, InputsOfDifferentBatchesAreNotBroadcast) {
  const Tensor one = Tensor::ones({1, 2}), three = Tensor::ones({3, 2});
  EXPECT_THAT(
      [&] {
        Add()({one, three});
      },
      says<ShapeError>("add: the inputs of Add have 1 and 3 samples", "bad_layers_test.cpp:"));
  EXPECT_THAT([&] { Dot(1)({one, three}); }, says<ShapeError>("dot: the inputs of Dot have 1 and 3 samples"));
  const Tensor query = Tensor::ones({1, 2, 3}), value = Tensor::ones({2, 2, 3});
  EXPECT_THAT(
      [&] {
        MultiHeadAttention(2, 2)({query, value});
      },
      says<ShapeError>("the inputs of MultiHeadAttention have 1 and 2 samples"));
  EXPECT_THAT(
      [&] {
        Attention()({query, value});
      },
      says<ShapeError>("the inputs of Attention have 1 and 2 samples"));
}

TEST(BadLayers, NothingEqualsAMaskOfNan) {
  EXPECT_THAT([] { Masking(std::nan("")); }, says<ValueError>("Masking: mask_value", "NaN"));
}

TEST(BadLayers, ASummaryHasColumnsThatALineCanHold) {
  std::ostringstream out;
  EXPECT_THAT([&] { regressor().summary(out, {.line_length = kHuge}); },
              says<ValueError>("summary: line_length must be at most 10000"));
}

// NOLINTBEGIN(bugprone-use-after-move): on purpose
TEST(MovedFrom, HandlesSaySo) {
  const auto message = says<StateError>("used after a move");

  Callback callback = EarlyStopping({.monitor = "loss"});
  const Callback watching = std::move(callback);
  EXPECT_THAT([&] { callback.kind(); }, message);
  EXPECT_THAT([&] { fit_ten(regressor(), {.callbacks = {callback}}); }, message);
  EXPECT_NO_THROW(fit_ten(regressor(), {.callbacks = {watching}}));

  Metric metric = "mse";
  const Metric measuring = std::move(metric);
  EXPECT_THAT([&] { metric.result(); }, message);
  EXPECT_THAT([&] { metric.update({{1}}, {{1}}); }, message);
  EXPECT_EQ(measuring.result(), 0);

  Layer layer = Dense(1);
  const Layer other = std::move(layer);
  EXPECT_THAT([&] { layer.name(); }, message);
  EXPECT_THAT([&] { Sequential().add(layer); }, message);

  Symbol symbol = Input({2});
  const Symbol in = std::move(symbol);
  EXPECT_THAT([&] { symbol.shape(); }, message);
  EXPECT_THAT([&] { other(symbol); }, message);

  Initializer initializer = HeNormal();
  const Initializer drawing = std::move(initializer);
  EXPECT_THAT([&] { Dense(1, {.kernel_initializer = initializer}).build({2}); }, message);
  EXPECT_NO_THROW(Dense(1, {.kernel_initializer = drawing}).build({2}));
}

TEST(MovedFrom, DatasetsAndTheirPassesSaySo) {
  const auto [x, y] = sums(4);
  Dataset dataset = Dataset::from_tensor_slices({x, y});
  const Dataset batches = std::move(dataset);
  EXPECT_THAT([&] { static_cast<void>(dataset.size()); }, says<StateError>("Dataset: used after a move"));
  EXPECT_THAT([&] { dataset.begin_pass(); }, says<StateError>("Dataset: used after a move"));
  EXPECT_THAT([&] { dataset.batch(2); }, says<StateError>("Dataset: used after a move"));
  EXPECT_THAT([&] { dataset.map([](Data data) { return data; }); }, says<StateError>("used after a move"));
  EXPECT_THAT([&] { regressor().fit(dataset, {.verbose = 0}); }, says<StateError>("used after a move"));

  Dataset::Pass pass = batches.begin_pass();
  Dataset::Pass rest = std::move(pass);
  EXPECT_THAT([&] { pass.next(); }, says<StateError>("Dataset::Pass: used after a move"));
  EXPECT_THAT([&] { pass.begin(); }, says<StateError>("Dataset::Pass: used after a move"));
  EXPECT_TRUE(rest.next().has_value());
}
// NOLINTEND(bugprone-use-after-move)

}  // namespace
}  // namespace gradus
