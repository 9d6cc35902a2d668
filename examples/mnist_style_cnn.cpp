// A convolutional net that tells ten kinds of clothing apart: Fashion-MNIST, 60,000 pictures of 28 x 28 grey
// pixels (Debian's package dataset-fashion-mnist).
//   mnist_style_cnn [--dense] [--epochs 8 | --quick]
// With --dense it is a net of two hidden layers, to compare.

#include <gradus/gradus.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string_view>

using namespace gradus;

Sequential convolutional_net() {
  Sequential model({.seed = 1});
  model.add(Reshape({28, 28, 1}, {.input_shape = {28, 28}}));
  model.add(Rescaling(1.0 / 255));
  model.add(Conv2D(32, 3, {.padding = "same", .activation = "relu"}));
  model.add(MaxPooling2D());
  model.add(Conv2D(64, 3, {.padding = "same", .activation = "relu"}));
  model.add(MaxPooling2D());
  model.add(Flatten());
  model.add(Dropout(0.3));
  model.add(Dense(128, {.activation = "relu"}));
  model.add(Dropout(0.3));
  model.add(Dense(10, {.activation = "softmax"}));
  return model;
}

Sequential dense_net() {
  Sequential model({.seed = 1});
  model.add(Flatten({.input_shape = {28, 28}}));
  model.add(Rescaling(1.0 / 255));
  model.add(Dense(512, {.activation = "relu"}));
  model.add(Dense(512, {.activation = "relu"}));
  model.add(Dense(10, {.activation = "softmax"}));
  return model;
}

int main(int argc, char** argv) try {
  bool quick = false, dense = false;  // quick: few pictures, to see that it runs
  int epochs = 3;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    quick = quick || option == "--quick";
    dense = dense || option == "--dense";
    if (option == "--epochs" && i + 1 < argc) epochs = std::max(1, std::atoi(argv[++i]));
  }

  auto [x_train, y_train, x_test, y_test] = data::load_fashion_mnist();
  if (quick) {
    x_train = x_train.rows(0, 3000), y_train = y_train.rows(0, 3000);
    x_test = x_test.rows(0, 1000), y_test = y_test.rows(0, 1000);
  }
  const std::int64_t batch_size = 64, steps = epochs * (x_train.dim(0) / batch_size);

  const Sequential model = dense ? dense_net() : convolutional_net();
  model.compile({.optimizer = Adam({.learning_rate = CosineDecay(dense ? 0.001 : 0.002, steps)}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy"}});
  model.summary();

  const History history = model.fit(
      x_train, y_train,
      {.batch_size = batch_size, .epochs = epochs, .verbose = 2, .validation_data = {x_test, y_test}});

  const Tensor predicted = argmax(model.predict(x_test, {.verbose = 0}), {.axis = 1}).value();
  std::printf("\nHow well each kind is told, on pictures it has not seen:\n%s\n",
              data::classification_report(
                  y_test, predicted,
                  {.target_names = {data::kFashionMnistClasses.begin(), data::kFashionMnistClasses.end()}})
                  .c_str());

  const auto& accuracy = history["val_accuracy"];
  const auto last = std::min<std::ptrdiff_t>(3, std::ssize(accuracy));
  const double mean = std::accumulate(accuracy.end() - last, accuracy.end(), 0.0) / static_cast<double>(last);
  const double wanted = quick ? 0.6 : epochs < 8 ? 0.85 : dense ? 0.88 : 0.91;
  std::printf("Test accuracy, mean of the last %td epochs: %.4f (wanted: %.2f)\n", last, mean, wanted);
  return mean >= wanted ? 0 : 1;
} catch (const Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
