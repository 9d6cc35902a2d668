#pragma once

#include <gradus/graph/graph.h>
#include <gradus/models/sequential.h>
#include <gradus/tools/tutorial/pictures.h>

#include <functional>
#include <string>
#include <vector>

namespace gradus::tutorial {

// What a part of the tutorial is about: its data and the model it trains.
struct Lesson {
  std::string name = {};  // "blobs", which its files begin with
  Tensor x = {}, y = {};  // float64 [n, 2] or [n]; classes int64 [n] or values float64 [n]
  Tensor x_train = {}, x_test = {}, y_train = {}, y_test = {};
  Tensor target_train = {}, target_test = {};  // what the model learns: one-hot rows or values
  Sequential model = {};                       // compiled, its weights drawn
  std::function<Variable(const Operand& y_true, const Operand& y_pred)> loss = {};
  Count batch_size = 32, epochs = 1;

  [[nodiscard]] bool classifies() const { return y.dtype() == DType::int64; }
};

// A: a softmax classifier of four blobs. B: a linear layer, then a softmax, of two. C: a net with ten hidden
// units for samples of 1 / (1 + e^x) with noise. The seed is the models'.
Lesson blobs_lesson(std::uint64_t seed);
Lesson linear_lesson(std::uint64_t seed);
Lesson regression_lesson(std::uint64_t seed);

// Trains the lesson's model on its training set, validating on its test set.
History train(const Lesson& lesson, Verbose verbose = 1, std::vector<Callback> callbacks = {});
// The graph of one training step: the loss and the predictions of the first batch, down to the Parameters.
Graph training_graph(const Lesson& lesson);

// The class of the largest score in each row: [n, classes] -> n numbers; the first of equal ones.
std::vector<int> argmax(const Tensor& scores);

// For the pictures: the points of a grid, row by row, [side * side, 2] float64; rows of [n, 2] with their
// classes, and samples of a function.
Tensor grid_points(const Grid& grid);
Points to_points(const Tensor& x, const Tensor& classes);
Samples to_samples(const Tensor& x, const Tensor& y);

}  // namespace gradus::tutorial
