// The net of `gradus tutorial --part fashion` in libtorch: the same data, first weights and order of the
// samples.
//   libtorch_fashion [epochs [threads [seed [dropout]]]]
// Gradus reads the data and draws weights and order; libtorch computes, and only that is timed.
#include <gradus/graph/random.h>
#include <gradus/models/data/load_fashion_mnist.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/sequential.h>

#include <torch/torch.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

constexpr std::int64_t kBatch = 256, kPixels = 784;

struct Part {
  torch::Tensor x, y;
};

Part part(const gradus::Tensor& images, const gradus::Tensor& labels) {
  const std::vector<float> pixels = images.to_vector<float>();
  const std::vector<std::int64_t> classes = labels.to_vector<std::int64_t>();
  const std::int64_t rows = images.dim(0);
  return {torch::tensor(pixels).reshape({rows, kPixels}).div_(255), torch::tensor(classes)};
}

struct Net : torch::nn::Module {
  Net(const std::vector<gradus::Tensor>& weights, double dropout) : dropout(dropout) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const gradus::Tensor& kernel = weights[2 * i];
      layers[i] =
          register_module("dense_" + std::to_string(i), torch::nn::Linear(kernel.dim(0), kernel.dim(1)));
      const torch::NoGradGuard guard;
      const std::vector<float> values = kernel.to_vector<float>();
      layers[i]->weight.copy_(torch::tensor(values).reshape({kernel.dim(0), kernel.dim(1)}).t());
      layers[i]->bias.zero_();
    }
  }
  torch::Tensor forward(torch::Tensor x) {
    for (std::size_t i = 0; i < 2; ++i) {
      x = torch::relu(layers[i]->forward(x));
      if (dropout > 0) x = torch::dropout(x, dropout, is_training());
    }
    return layers[2]->forward(x);  // the softmax is the loss's
  }
  std::array<torch::nn::Linear, 3> layers = {nullptr, nullptr, nullptr};
  double dropout;
};

struct Score {
  double loss = 0, accuracy = 0;
  void add(const torch::Tensor& batch_loss, const torch::Tensor& scores, const torch::Tensor& y) {
    loss += batch_loss.item<double>() * static_cast<double>(y.size(0));
    accuracy += scores.argmax(1).eq(y).sum().item<double>();
  }
  void divide(std::int64_t rows) {
    loss /= static_cast<double>(rows);
    accuracy /= static_cast<double>(rows);
  }
};

}  // namespace

int main(int count, char** arguments) {
  const auto argument = [&](int i, const char* otherwise) { return i < count ? arguments[i] : otherwise; };
  const std::int64_t epochs = std::atol(argument(1, "20"));
  torch::set_num_threads(std::atoi(argument(2, "1")));
  const auto seed = static_cast<std::uint64_t>(std::atol(argument(3, "101")));
  const double dropout = std::atof(argument(4, "0"));
  torch::manual_seed(seed);

  const auto [x_train, y_train, x_test, y_test] = gradus::data::load_fashion_mnist();
  const Part train = part(x_train, y_train), test = part(x_test, y_test);
  const gradus::Sequential ours(
      {gradus::Dense(512, {.input_dim = kPixels}), gradus::Dense(512), gradus::Dense(10)}, {.seed = seed});
  Net net(ours.get_weights(), dropout);
  torch::optim::RMSprop optimizer(net.parameters(), torch::optim::RMSpropOptions(0.001).alpha(0.9).eps(1e-7));

  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
    const std::vector<std::int64_t> order =
        gradus::Random(seed).stream(1).stream(static_cast<std::uint64_t>(epoch)).permutation(train.x.size(0));
    const torch::Tensor rows = torch::tensor(order);
    Score training, validation;
    net.train();
    for (std::int64_t at = 0; at < rows.size(0); at += kBatch) {
      const torch::Tensor batch = rows.slice(0, at, std::min(at + kBatch, rows.size(0)));
      const torch::Tensor x = train.x.index_select(0, batch), y = train.y.index_select(0, batch);
      optimizer.zero_grad();
      const torch::Tensor scores = net.forward(x);
      const torch::Tensor loss = torch::nn::functional::cross_entropy(scores, y);
      loss.backward();
      optimizer.step();
      training.add(loss, scores, y);
    }
    net.eval();
    const torch::NoGradGuard guard;
    for (std::int64_t at = 0; at < test.x.size(0); at += kBatch) {
      const torch::Tensor x = test.x.slice(0, at, at + kBatch), y = test.y.slice(0, at, at + kBatch);
      const torch::Tensor scores = net.forward(x);
      validation.add(torch::nn::functional::cross_entropy(scores, y), scores, y);
    }
    training.divide(rows.size(0));
    validation.divide(test.x.size(0));
    std::printf("epoch %ld: loss %.4f accuracy %.4f val_loss %.4f val_accuracy %.4f\n", epoch + 1,
                training.loss, training.accuracy, validation.loss, validation.accuracy);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("Trained in %.2f s, %.2f s an epoch\n", took.count(),
              took.count() / static_cast<double>(epochs));
}
