// The same seed gives the same bits for any number of threads, also after many steps.

#include <gradus/gradus.h>

#include <gtest/gtest.h>

#include <functional>

#include "example_data.h"

namespace gradus {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kShare = 10;  // of the steps: the sanitizers take that much longer
#else
constexpr int kShare = 1;
#endif

class SameBits : public testing::Test {
 protected:
  ~SameBits() override { set_num_threads(before_); }

  // `run` gives the trained weights.
  static void expect_for_any_number_of_threads(const std::function<std::vector<Tensor>()>& run) {
    set_num_threads(1);
    const std::vector<Tensor> one = run();
    for (const int threads : {2, 3, 4}) {
      set_num_threads(threads);
      const std::vector<Tensor> many = run();
      ASSERT_EQ(many.size(), one.size());
      for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_TRUE(identical(many[i], one[i])) << "weight " << i << " by " << threads << " threads";
      }
    }
  }

 private:
  int before_ = num_threads();
};

// A model of one's own and its training.
struct Net {
  Random random = Random(1);
  ParameterList parameters;

  const Parameter& weight(const char* name, const Shape& shape) {
    parameters.add(name, random.normal(shape, {.stddev = 0.05}));
    return parameters[name];
  }
  Tensor labels(std::int64_t rows) {
    Tensor y = Tensor::zeros({rows}, DType::int64);
    for (std::int64_t row = 0; row < rows; ++row) y.set({row}, static_cast<double>(row * 7 % 10));
    return y;
  }
  std::vector<Tensor> train(int steps, const std::function<Variable()>& loss) {
    SGD optimizer(parameters, {.learning_rate = 0.01, .momentum = 0.9});
    const FlushSubnormals guard;
    for (int step = 0; step < steps; ++step) {
      Variable value = loss();
      std::move(value).backward();
      optimizer.step();
      optimizer.zero_grad();
    }
    std::vector<Tensor> result;
    for (const Parameter& parameter : parameters) result.push_back(parameter.value().clone());
    return result;
  }
};

Variable crossentropy(const Tensor& labels, const Variable& scores) {
  return sparse_categorical_crossentropy(labels, scores, {.from_logits = true});
}

TEST_F(SameBits, AfterStepsOfADenseNet) {
  expect_for_any_number_of_threads([] {
    Net net;
    const Parameter w1 = net.weight("w1", {784, 128}), b1 = net.weight("b1", {128});
    const Parameter w2 = net.weight("w2", {128, 10}), b2 = net.weight("b2", {10});
    const Tensor x = net.random.uniform({32, 784}), y = net.labels(32);
    return net.train(200 / kShare, [&] { return crossentropy(y, dense(relu(dense(x, w1, b1)), w2, b2)); });
  });
}

// Its products are cut into tiles.
TEST_F(SameBits, AfterStepsOfAWideDenseNet) {
  expect_for_any_number_of_threads([] {
    Net net;
    const Parameter w1 = net.weight("w1", {784, 512}), w2 = net.weight("w2", {512, 512});
    const Parameter w3 = net.weight("w3", {512, 10});
    const Tensor x = net.random.uniform({128, 784}), y = net.labels(128);
    return net.train(40 / kShare,
                     [&] { return crossentropy(y, matmul(relu(matmul(relu(matmul(x, w1)), w2)), w3)); });
  });
}

TEST_F(SameBits, AfterStepsOfAConvolutionalNet) {
  expect_for_any_number_of_threads([] {
    Net net;
    const Parameter k1 = net.weight("k1", {3, 3, 1, 32}), b1 = net.weight("b1", {32});
    const Parameter k2 = net.weight("k2", {3, 3, 32, 64}), b2 = net.weight("b2", {64});
    const Parameter w1 = net.weight("w1", {1600, 128}), w2 = net.weight("w2", {128, 10});
    const Tensor x = net.random.uniform({64, 28, 28, 1}), y = net.labels(64);
    return net.train(20 / kShare, [&] {
      const Variable first = max_pool2d(relu(conv2d(x, k1) + b1));
      const Variable second = max_pool2d(relu(conv2d(first, k2) + b2));
      return crossentropy(y, matmul(relu(matmul(reshape(second, {64, -1}), w1)), w2));
    });
  });
}

TEST_F(SameBits, AfterStepsOfAnLstm) {
  expect_for_any_number_of_threads([] {
    Net net;
    const Parameter kernel = net.weight("kernel", {128, 512}),
                    recurrent = net.weight("recurrent", {128, 512});
    const Parameter bias = net.weight("bias", {512});
    const Tensor x = net.random.uniform({32, 50, 128}), y = net.random.uniform({32, 128});
    return net.train(20 / kShare,
                     [&] { return mean_squared_error(y, lstm(x, kernel, recurrent, bias).output); });
  });
}

TEST_F(SameBits, AfterAFitWithDropoutAndShuffling) {
  const testing_data::Example data = testing_data::sums(1024, 256);
  expect_for_any_number_of_threads([&] {
    Sequential model({Dense(512, {.activation = "relu", .input_dim = 256}), Dropout(0.5), Dense(512),
                      Dropout(0.2), Dense(1)},
                     {.seed = 5});
    model.compile({.optimizer = "adam", .loss = "mse"});
    model.fit(data.x, data.y, {.batch_size = 300, .epochs = 5, .verbose = 0, .validation_split = 0.1});
    return model.get_weights();
  });
}

}  // namespace
}  // namespace gradus
