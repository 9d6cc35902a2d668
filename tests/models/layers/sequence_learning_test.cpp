// Small nets that learn to copy, with fixed seeds.

#include <gradus/models/data/to_categorical.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/input.h>
#include <gradus/models/layers/masking.h>
#include <gradus/models/layers/multi_head_attention.h>
#include <gradus/models/layers/rnn.h>
#include <gradus/models/model.h>
#include <gradus/models/sequential.h>
#include <gradus/models/symbol.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>
#include <gradus/optim/adam.h>

#include <gtest/gtest.h>

namespace gradus {
namespace {

constexpr std::int64_t kSamples = 128, kTime = 6, kTokens = 5;

// Tokens 1 to 4, one-hot: [samples, time, tokens].
Tensor tokens(std::uint64_t seed) {
  return to_categorical(Random(seed).integers({kSamples, kTime}, 1, kTokens), kTokens);
}
// Each step's token is the one of the step before; the first has token 0.
Tensor delayed(const Tensor& x) {
  Tensor y = roll(x, 1, {.axis = 1}).value();
  for (std::int64_t i = 0; i < kSamples; ++i) {
    for (std::int64_t k = 0; k < kTokens; ++k) y.set({i, 0, k}, k == 0 ? 1 : 0);
  }
  return y;
}

double share_right(const Tensor& predicted, const Tensor& wanted) {
  const Variable right = equal(argmax(predicted, {.axis = -1}), argmax(wanted, {.axis = -1}));
  return mean(cast(right, DType::float32)).item();
}

template <class M>
double learnt(const M& model) {
  model.compile({.optimizer = Adam({.learning_rate = 0.02}), .loss = "categorical_crossentropy"});
  const Tensor x = tokens(1), y = delayed(x);
  model.fit(x, y, {.batch_size = 16, .epochs = 25, .verbose = 0});
  const Tensor unseen = tokens(2);
  return share_right(model.predict(unseen, {.verbose = 0}), delayed(unseen));
}

TEST(SequenceLearning, AnLstmLearnsToCopyTheStepBefore) {
  EXPECT_GT(learnt(Sequential({LSTM(16, {.return_sequences = true, .input_shape = {kTime, kTokens}}),
                               Dense(kTokens, {.activation = "softmax"})},
                              {.seed = 5})),
            0.99);
}

TEST(SequenceLearning, AGruLearnsToCopyTheStepBefore) {
  EXPECT_GT(learnt(Sequential({GRU(16, {.return_sequences = true, .input_shape = {kTime, kTokens}}),
                               Dense(kTokens, {.activation = "softmax"})},
                              {.seed = 5})),
            0.99);
}

}  // namespace
}  // namespace gradus
