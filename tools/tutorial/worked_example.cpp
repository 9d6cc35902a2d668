// Part D: the worked example of the text, four features and three classes.
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>
#include <gradus/tools/tutorial/parts.h>

#include <cstdio>
#include <iostream>

namespace gradus::tutorial {

namespace {

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string column(const Variable& values, int decimals) {
  std::string text;
  for (const double value : values.value().to_vector<double>()) {
    text += (text.empty() ? "[" : " ") + fixed(value, decimals);
  }
  return text + "]";
}

}  // namespace

void run_worked_example() {
  const Tensor w({{0.01, -0.05, 0.1, 0.05}, {0.7, 0.2, 0.05, 0.16}, {0.0, -0.45, -0.2, 0.03}},
                 DType::float64);
  const Tensor x({{-15}, {22}, {-44}, {56}}, DType::float64);
  const Tensor b({{0.0}, {0.2}, {-0.3}}, DType::float64);
  const std::int64_t label = 2;

  const Variable scores = matmul(w, x) + b;                     // [3, 1]
  const Variable probabilities = softmax(scores, {.axis = 0});  // [3, 1]
  const Variable loss = sparse_categorical_crossentropy(        // of one sample, [1] and [1, 3]
      Tensor({label}, DType::int64), scores.value().reshape({1, 3}), {.from_logits = true});

  std::cout << "== D. The worked example of the text ==\n\n"
            << "W:\n"
            << w << "\nx:\n"
            << x << "\nb:\n"
            << b << "\n\n"
            << "Scores Wx + b: " << column(scores, 2) << "\n"
            << "Softmax of the scores: " << column(probabilities, 3)
            << ", their sum: " << fixed(sum(probabilities).item(), 3) << "\n"
            << "Loss of class " << label << ": -log(" << fixed(probabilities.value()(label, 0), 3)
            << ") = " << fixed(loss.item(), 2) << "\n"
            << std::endl;
}

}  // namespace gradus::tutorial
