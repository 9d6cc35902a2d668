// Part A: a softmax classifier of four blobs.
#include <gradus/tools/tutorial/parts.h>

#include <iostream>

namespace gradus::tutorial {

Result run_blobs(std::uint64_t seed, const std::optional<LayerWeights>& weights, Output& output) {
  std::cout << "== A. A softmax classifier of four blobs ==\n\n";
  const Lesson lesson = blobs_lesson(seed);
  print_data(lesson);
  output.write("blobs_train.csv", points_csv(lesson.x_train, lesson.y_train));
  output.write("blobs_test.csv", points_csv(lesson.x_test, lesson.y_test));
  output.graph("blobs_graph", training_graph(lesson));

  Result result = train_and_evaluate(lesson, seed, weights);
  const Tensor probabilities = lesson.model.predict(lesson.x_test, {.verbose = 0});
  result.predicted_classes = argmax(probabilities);
  std::cout << "\nSoftmax predictions:\n"
            << probabilities << "\n\nClass with maximum probability:\n"
            << Tensor(result.predicted_classes) << "\n\n";

  Grid grid;
  const Tensor points = grid_points(grid);
  std::cout << "Grid for the decision boundary: " << tuple_text(points.shape()) << "\n" << std::endl;
  grid.label = argmax(lesson.model.predict(points, {.verbose = 0}));
  const Pictures pictures(output.folder());
  const Points test = to_points(lesson.x_test, lesson.y_test);
  output.draw([&] { pictures.blobs_data(to_points(lesson.x, lesson.y)); });
  output.draw([&] { pictures.blobs_predictions(test, result.predicted_classes); });
  output.draw([&] { pictures.blobs_boundary(grid, test); });
  if (!weights) output.draw([&] { pictures.blobs_curves(curves_of(result.history)); });
  return result;
}

}  // namespace gradus::tutorial
