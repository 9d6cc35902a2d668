#include <gradus/gradus.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_data.h"
#include "says.h"

namespace gradus {
namespace {

using testing_data::same_weights;
using testing_data::says;

// Wide enough for its products to be rounded.
Sequential wide_net(CompileOptions options) {
  Sequential model({Dense(256, {.activation = "relu", .input_dim = 64}), Dense(32)}, {.seed = 3});
  options.optimizer = SGD({.learning_rate = 0.01});
  options.loss = "mse";
  model.compile(std::move(options));
  return model;
}

struct Samples {
  Tensor x, y;
};
Samples samples() {
  Random random(1);
  return {random.normal({64, 64}), random.normal({64, 32})};
}

CompileOptions rounded() {
  return {.matmul_precision = MatmulPrecision::bfloat16, .bfloat16_fallback = Bfloat16Fallback::emulate};
}

TEST(MatmulPrecisionOfAModel, HoldsForItsFitEvaluateAndPredictAlone) {
  const auto [x, y] = samples();
  const Sequential plain = wide_net({}), narrow = wide_net(rounded());
  const Tensor exact = plain.predict(x, {.batch_size = 64, .verbose = 0});
  const Tensor near = narrow.predict(x, {.batch_size = 64, .verbose = 0});
  EXPECT_FALSE(identical(near, exact));
  EXPECT_TRUE(all_close(near, exact, {.rtol = 0.05, .atol = 0.05}));
  EXPECT_FALSE(identical(narrow.predict_on_batch(x), exact));
  EXPECT_TRUE(identical(plain.predict_on_batch(x), exact));
  EXPECT_NE(narrow.evaluate(x, y, {.batch_size = 64, .verbose = 0}).loss,
            plain.evaluate(x, y, {.batch_size = 64, .verbose = 0}).loss);
  EXPECT_NE(narrow.test_on_batch(x, y).loss, plain.test_on_batch(x, y).loss);

  // What the process is set to goes for models that say nothing.
  const Sequential third = wide_net({});
  set_matmul_precision(MatmulPrecision::bfloat16, {Bfloat16Fallback::emulate});
  EXPECT_TRUE(identical(third.predict_on_batch(x), narrow.predict_on_batch(x)));
  set_matmul_precision(MatmulPrecision::float32);

  narrow.fit(x, y, {.batch_size = 64, .epochs = 2, .verbose = 0});
  plain.fit(x, y, {.batch_size = 64, .epochs = 2, .verbose = 0});
  EXPECT_FALSE(same_weights(narrow, plain.get_weights()));
  const Sequential by_hand = wide_net(rounded());
  by_hand.train_on_batch(x, y);
  EXPECT_FALSE(same_weights(by_hand, wide_net({}).get_weights()));
  EXPECT_EQ(matmul_precision(), MatmulPrecision::float32);
}

TEST(MatmulPrecisionOfAModel, IsPutBackWhenAStepThrows) {
  struct Stop : Layer::Kind {
    Variable call(const Operand&, CallOptions) override {
      EXPECT_EQ(matmul_precision(), MatmulPrecision::bfloat16);
      throw ValueError("stop");
    }
    Shape output_shape(const Shape& input) override { return input; }
  };
  Sequential model({.seed = 1});
  model.add(Dense(8, {.input_dim = 64}));
  model.add(Stop());
  CompileOptions options = rounded();
  options.loss = "mse";
  model.compile(options);
  const auto [x, y] = samples();
  EXPECT_THAT([&] { model.fit(x, y, {.verbose = 0}); }, says<ValueError>("stop"));
  EXPECT_THAT([&] { model.predict(x, {.verbose = 0}); }, says<ValueError>("stop"));
  EXPECT_EQ(matmul_precision(), MatmulPrecision::float32);
}

TEST(MatmulPrecisionOfAModel, IsRefusedOnlyWhereTheProcessorHasNone) {
  const bool has = available_matmul_precision("here", MatmulPrecision::bfloat16,
                                              {Bfloat16Fallback::float32}) == MatmulPrecision::bfloat16;
  const Sequential model = wide_net({});
  const auto compile = [&] { model.compile({.loss = "mse", .matmul_precision = MatmulPrecision::bfloat16}); };
  if (has) {
    EXPECT_NO_THROW(compile());
  } else {
    EXPECT_THAT(compile, says<StateError>("compile: ", "bfloat16", "matmul_precision_test.cpp"));
  }
  const auto [x, y] = samples();
  EXPECT_NO_THROW(model.evaluate(x, y, {.verbose = 0})) << "refused, it is compiled as it was before";
}

}  // namespace
}  // namespace gradus
