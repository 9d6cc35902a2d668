// Small text models that learn to copy, with fixed seeds.

#include <gradus/models/data/to_categorical.h>
#include <gradus/models/layers/bidirectional.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/embedding.h>
#include <gradus/models/layers/rnn.h>
#include <gradus/models/sequential.h>
#include <gradus/optim/adam.h>

#include <gtest/gtest.h>

#include <cstddef>

namespace gradus {
namespace {

constexpr std::int64_t kTexts = 128, kTime = 8, kTokens = 6;

// Texts of 3 to 8 tokens 1 to 5, padded with 0, and for each step the token of the step before, 0 at first.
struct Texts {
  explicit Texts(std::uint64_t seed) {
    Random random(seed);
    const std::vector<std::int64_t> lengths =
        random.integers({kTexts}, 3, kTime + 1).to_vector<std::int64_t>();
    x = random.integers({kTexts, kTime}, 1, kTokens);
    before = Tensor::zeros({kTexts, kTime}, DType::int64);
    for (std::int64_t i = 0; i < kTexts; ++i) {
      for (std::int64_t t = 1; t < kTime; ++t) {
        if (t >= lengths[static_cast<std::size_t>(i)]) x.set({i, t}, 0);
        before.set({i, t}, x(i, t - 1));
      }
    }
  }
  Tensor x;
  Tensor before;
};

// The share of the tokens of texts never seen that the model copies.
double copied(const Sequential& model) {
  model.compile({.optimizer = Adam({.learning_rate = 0.02}), .loss = "categorical_crossentropy"});
  const Texts texts(1), unseen(2);
  model.fit(texts.x, to_categorical(texts.before, kTokens), {.batch_size = 16, .epochs = 30, .verbose = 0});
  const Tensor predicted = model.predict(unseen.x, {.verbose = 0});
  double right = 0, count = 0;
  for (std::int64_t i = 0; i < kTexts; ++i) {
    for (std::int64_t t = 0; t < kTime; ++t) {
      if (unseen.x(i, t) == 0) continue;
      std::int64_t best = 0;
      for (std::int64_t k = 1; k < kTokens; ++k) {
        if (predicted(i, t, k) > predicted(i, t, best)) best = k;
      }
      right += static_cast<double>(best) == unseen.before(i, t) ? 1 : 0;
      ++count;
    }
  }
  return right / count;
}

TEST(SequenceLearning, AnLstmLearnsToCopyTheTokenBefore) {
  EXPECT_GT(
      copied(Sequential({Embedding(kTokens, 8, {.mask_zero = true, .input_shape = {kTime}}),
                         LSTM(16, {.return_sequences = true}), Dense(kTokens, {.activation = "softmax"})},
                        {.seed = 5})),
      0.99);
}

TEST(SequenceLearning, ABidirectionalGruLearnsToCopyTheTokenBefore) {
  EXPECT_GT(copied(Sequential({Embedding(kTokens, 8, {.mask_zero = true, .input_shape = {kTime}}),
                               Bidirectional(GRU(12, {.return_sequences = true})),
                               Dense(kTokens, {.activation = "softmax"})},
                              {.seed = 5})),
            0.99);
}

}  // namespace
}  // namespace gradus
