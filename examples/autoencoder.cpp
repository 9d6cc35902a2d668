// A net that learns to draw handwritten digits again from eight numbers: 64 pixels -> 8 -> 64 pixels. What it
// makes of digits it has not seen is compared with the best that can be done without looking, the mean digit.

#include <gradus/gradus.h>

#include <cstdio>
#include <string>
#include <string_view>

using namespace gradus;

// A row of a picture of values from 0 to 1, two signs a pixel.
std::string row_of(const Tensor& picture, std::int64_t row) {
  constexpr std::string_view kInk = " .:-=+*#%@";
  std::string text;
  for (std::int64_t column = 0; column < 8; ++column) {
    const auto ink = static_cast<std::size_t>(picture(8 * row + column) * 9.99);
    text.append(2, kInk[ink]);
  }
  return text;
}

int main() {
  const auto [pixels, digits] = data::load_digits();
  const Tensor pictures = (pixels / 16.0).value().cast(DType::float32);  // 0 to 1
  const auto [x_train, x_test, y_train, y_test] =
      data::train_test_split(pictures, digits, {.test_size = 0.2, .random_state = 0, .stratify = digits});

  const Input in({64});
  const Symbol code = Dense(8, {.name = "code"})(Dense(64, {.activation = "relu"})(in));
  const Symbol out = Dense(64, {.activation = "sigmoid"})(Dense(64, {.activation = "relu"})(code));
  const Model autoencoder({in}, {out}, {.seed = 1});
  const Model encoder({in}, {code});  // the first half, by itself; it shares the weights
  autoencoder.compile({.optimizer = Adam({.learning_rate = 0.003}), .loss = "binary_crossentropy"});
  autoencoder.fit(x_train, x_train, {.epochs = 100, .verbose = 0});

  const Tensor drawn = autoencoder.predict(x_test, {.verbose = 0});
  for (const std::int64_t i : {0, 1, 2}) {
    const Tensor before = x_test[i], after = drawn[i],
                 numbers = encoder.predict(x_test.rows(i, i + 1), {.verbose = 0});
    std::printf("A %.0f, and what the net draws from eight numbers:", y_test(i));
    for (const float number : numbers.values<float>()) std::printf(" %.1f", static_cast<double>(number));
    std::printf("\n");
    for (std::int64_t row = 0; row < 8; ++row) {
      std::printf("  %s    %s\n", row_of(before, row).c_str(), row_of(after, row).c_str());
    }
  }

  const double error = mean_squared_error(x_test, drawn).item();
  const double of_mean = mean(square(x_test - mean(x_train, {.axis = 0}))).item();
  std::printf("Mean squared error of a pixel (0 white, 1 black) on %td digits it has not seen: %.4f\n",
              static_cast<std::ptrdiff_t>(x_test.dim(0)), error);
  std::printf("The same for the mean digit, drawn each time: %.4f, %.1f times as much\n", of_mean,
              of_mean / error);
  return error < of_mean / 4 ? 0 : 1;
}
