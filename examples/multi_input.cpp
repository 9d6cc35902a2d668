// A model with two inputs and two outputs: from a picture of a digit, and a number that says what to add to
// it, it tells the digit and the sum. Both heads share what is seen in the picture; each has a loss of its
// own.

#include <gradus/gradus.h>

#include <cstdio>
#include <span>
#include <vector>

using namespace gradus;

constexpr std::size_t kTrain = 1400;  // of 1797 digits

int main() {
  const auto [pixels, digits] = data::load_digits();
  const Tensor pictures = (pixels / 16.0).value();
  Random random(3);
  const Tensor addends = random.uniform({digits.dim(0), 1}, {.low = -5, .high = 5});
  const Tensor sums = (digits.cast(DType::float32).reshape({-1, 1}) + addends).value();

  const Input picture({64}, {.name = "picture"});
  const Input addend({1}, {.name = "addend"});
  const Symbol seen = Dense(64, {.activation = "relu"})(picture);
  const Symbol digit = Dense(10, {.activation = "softmax", .name = "digit"})(seen);
  const Symbol both = Concatenate()({seen, addend});
  const Symbol sum = Dense(1, {.name = "sum"})(Dense(32, {.activation = "relu"})(both));
  const Model model({picture, addend}, {digit, sum}, {.seed = 4});
  model.summary();

  model.compile({.optimizer = Adam({.learning_rate = 0.003}),
                 .loss = {{"digit", "sparse_categorical_crossentropy"}, {"sum", "mse"}},
                 .loss_weights = {{"digit", 1.0}, {"sum", 0.5}},
                 .metrics = {{"digit", {"accuracy"}}, {"sum", {"mae"}}}});
  const std::vector<std::int64_t> order = random.permutation(digits.dim(0));
  const auto first = [&](const Tensor& t) { return data::take_rows(t, std::span(order).first(kTrain)); };
  const auto rest = [&](const Tensor& t) { return data::take_rows(t, std::span(order).subspan(kTrain)); };
  model.fit({{"picture", first(pictures)}, {"addend", first(addends)}},
            {{"digit", first(digits)}, {"sum", first(sums)}}, {.epochs = 60, .verbose = 0});

  const Tensors x = {{"picture", rest(pictures)}, {"addend", rest(addends)}};
  const Logs logs = model.evaluate(x, {{"digit", rest(digits)}, {"sum", rest(sums)}}, {.verbose = 0});
  std::printf("\nOn %zu digits it has not seen:\n", order.size() - kTrain);
  std::printf("  head digit: right in %.1f %%, loss %.4f\n", 100 * logs["digit_accuracy"],
              logs["digit_loss"]);
  std::printf("  head sum: off by %.2f on average, loss %.4f\n", logs["sum_mae"], logs["sum_loss"]);
  std::printf("  the model's loss, digit + 0.5 sum: %.4f\n\n", logs.loss);

  const Tensors told = model.predict_all(x, {.verbose = 0});
  const Tensor likeliest = argmax(told[0], {.axis = 1}).value();
  const Tensor true_digits = rest(digits), added = rest(addends), true_sums = rest(sums);
  for (const std::int64_t i : {0, 1, 2}) {
    std::printf("A %.0f and %+.2f: taken for a %.0f, together %.2f (in truth %.2f)\n", true_digits(i),
                added(i, 0), likeliest(i), told[1](i, 0), true_sums(i, 0));
  }
  return logs["digit_accuracy"] > 0.9 && logs["sum_mae"] < 1 ? 0 : 1;
}
