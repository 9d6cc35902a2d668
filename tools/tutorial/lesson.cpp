#include <gradus/models/data/linspace.h>
#include <gradus/models/data/make_blobs.h>
#include <gradus/models/data/meshgrid.h>
#include <gradus/models/data/random_state.h>
#include <gradus/models/data/to_categorical.h>
#include <gradus/models/data/train_test_split.h>
#include <gradus/models/layers/activation.h>
#include <gradus/models/layers/dense.h>
#include <gradus/ops/loss.h>
#include <gradus/tools/tutorial/lesson.h>

#include <algorithm>
#include <cmath>

namespace gradus::tutorial {

namespace {

// The notebook draws the regression's noise without a seed; this one is ours.
constexpr std::int64_t kBlobsSeed = 101, kSplitSeed = 42, kNoiseSeed = 42;

void split(Lesson& lesson) {
  const data::Split parts =
      data::train_test_split(lesson.x, lesson.y, {.test_size = 0.2, .random_state = kSplitSeed});
  lesson.x_train = parts.x_train;
  lesson.x_test = parts.x_test;
  lesson.y_train = parts.y_train;
  lesson.y_test = parts.y_test;
}

Lesson classifier(std::string name, std::int64_t classes, double cluster_std, std::uint64_t seed) {
  Lesson lesson{.name = std::move(name), .model = Sequential({.seed = seed})};
  const auto [x, y] = data::make_blobs({.n_samples = 4000,
                                        .n_features = 2,
                                        .centers = classes,
                                        .cluster_std = cluster_std,
                                        .random_state = kBlobsSeed});
  lesson.x = x;
  lesson.y = y;
  split(lesson);
  lesson.target_train = to_categorical(lesson.y_train, classes);
  lesson.target_test = to_categorical(lesson.y_test, classes);
  lesson.loss = [](const Operand& y_true, const Operand& y_pred) {
    return categorical_crossentropy(y_true, y_pred);
  };
  return lesson;
}

}  // namespace

Lesson blobs_lesson(std::uint64_t seed) {
  Lesson lesson = classifier("blobs", 4, 2.0, seed);
  lesson.model.add(Dense(4, {.activation = "softmax", .input_dim = 2}));
  lesson.model.compile({.optimizer = "sgd", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  lesson.batch_size = 4;
  lesson.epochs = 10;
  return lesson;
}

Lesson linear_lesson(std::uint64_t seed) {
  Lesson lesson = classifier("linear", 2, 2.5, seed);
  lesson.model.add(Dense(2, {.input_dim = 2, .name = "wx_b"}));
  lesson.model.add(Activation("softmax", {.name = "softmax"}));
  lesson.model.compile({.optimizer = "sgd", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  lesson.batch_size = 128;
  lesson.epochs = 100;
  return lesson;
}

Lesson regression_lesson(std::uint64_t seed) {
  Lesson lesson{.name = "regression", .model = Sequential({.seed = seed})};
  lesson.x = linspace(-20, 20, 1000);
  lesson.y = numpy::RandomState(kNoiseSeed).normal(0, 0.1, lesson.x.shape());
  const auto x = lesson.x.values<double>();
  const auto y = lesson.y.mutable_values<double>();
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += 1 / (1 + std::exp(x[i]));
  split(lesson);
  lesson.target_train = lesson.y_train;
  lesson.target_test = lesson.y_test;
  lesson.loss = [](const Operand& y_true, const Operand& y_pred) {
    return mean_squared_error(y_true, y_pred);
  };
  lesson.model.add(Dense(10, {.activation = "sigmoid", .input_dim = 1}));
  lesson.model.add(Dense(1));
  lesson.model.compile({.optimizer = "sgd", .loss = "mean_squared_error"});
  lesson.batch_size = 100;
  lesson.epochs = 100;
  return lesson;
}

History train(const Lesson& lesson, Verbose verbose, std::vector<Callback> callbacks) {
  return lesson.model.fit(lesson.x_train, lesson.target_train,
                          {.batch_size = lesson.batch_size,
                           .epochs = lesson.epochs,
                           .verbose = verbose,
                           .callbacks = std::move(callbacks),
                           .validation_data = {lesson.x_test, lesson.target_test}});
}

Graph training_graph(const Lesson& lesson) {
  const auto batch = [&](const Tensor& tensor) {
    const Tensor rows = tensor.rows(0, lesson.batch_size.value()).cast(lesson.model.dtype());
    return rows.rank() == 1 ? rows.reshape({-1, 1}) : rows;
  };
  const Variable x(batch(lesson.x_train), {.name = "x"});
  const Variable y(batch(lesson.target_train), {.name = "y"});
  Variable y_pred = lesson.model(x, {.training = true}).set_name("y_pred");
  // The prediction too: where the loss reads the logits below a softmax, that softmax would not be shown.
  return Graph({lesson.loss(y, y_pred).set_name("loss"), y_pred});
}

std::vector<int> argmax(const Tensor& scores) {
  const std::vector<double> values = scores.to_vector<double>();
  const std::int64_t classes = scores.dim(1);
  std::vector<int> result;
  for (auto row = values.begin(); row != values.end(); row += classes) {
    result.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
  }
  return result;
}

Tensor grid_points(const Grid& grid) {
  const Tensor axis = linspace(-grid.reach, grid.reach, grid.side);
  const auto [xx, yy] = meshgrid(axis, axis);
  const std::vector<double> x0 = xx.to_vector<double>(), x1 = yy.to_vector<double>();
  std::vector<double> points;
  for (std::size_t i = 0; i < x0.size(); ++i) points.insert(points.end(), {x0[i], x1[i]});
  return Tensor(points, {static_cast<std::int64_t>(x0.size()), 2});
}

Points to_points(const Tensor& x, const Tensor& classes) {
  Points points;
  for (std::int64_t i = 0; i < x.dim(0); ++i) {
    points.x0.push_back(x(i, 0));
    points.x1.push_back(x(i, 1));
  }
  points.label = classes.to_vector<int>();
  return points;
}

Samples to_samples(const Tensor& x, const Tensor& y) {
  return {x.to_vector<double>(), y.to_vector<double>()};
}

}  // namespace gradus::tutorial
