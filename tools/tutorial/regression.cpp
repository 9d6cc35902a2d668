// Part C: a net with ten hidden units learns a function of one variable.
#include <gradus/tools/tutorial/parts.h>

#include <iostream>

namespace gradus::tutorial {

Result run_regression(std::uint64_t seed, Output& output) {
  std::cout << "== C. Regression ==\n\n";
  const Lesson lesson = regression_lesson(seed);
  print_data(lesson);
  output.graph("regression_graph", training_graph(lesson));

  Result result = train_and_evaluate(lesson, seed, {});
  std::cout << std::endl;

  const Pictures pictures(output.folder());
  const Samples data = to_samples(lesson.x, lesson.y);
  const Samples predicted = to_samples(lesson.x, lesson.model.predict(lesson.x, {.verbose = 0}));
  output.draw([&] { pictures.regression_data(data); });
  output.draw([&] {
    pictures.regression_split(to_samples(lesson.x_train, lesson.y_train),
                              to_samples(lesson.x_test, lesson.y_test));
  });
  output.draw([&] { pictures.regression_fit(data, predicted); });
  output.draw([&] { pictures.regression_curves(curves_of(result.history)); });
  return result;
}

}  // namespace gradus::tutorial
