#pragma once

#include <gradus/graph/parallel.h>
#include <gradus/graph/tensor.h>
#include <gradus/ops/kernels/linalg/parallel_products.h>
#include <gradus/ops/kernels/nn/channel_rows.h>

#include <algorithm>
#include <cstdint>
#include <utility>

// How a recurrent net goes through its batch and its steps; see Note [Recurrent nets].

namespace gradus::kernels::recurrent {

struct Sizes {
  std::int64_t batch, time, features, units, width;  // width: all gates'
  Sizes(const Shape& x, const Shape& recurrent)
      : batch(x[0]), time(x[1]), features(x[2]), units(recurrent[0]), width(recurrent[1]) {}
};

// Rows of the batch, which know nothing of other rows: a thread takes them through all their steps.
struct Piece {
  std::int64_t index, first, rows;
};
// Steps, in the order in which they are taken.
struct Steps {
  std::int64_t first, count;
};

// How the batch is cut, by its sizes alone. Each piece sums gradients of its own for the weights: there are
// no more pieces than make that a small part of their work, and of the room that all the steps' gates take.
struct Pieces {
  std::int64_t batch, rows, count;
  explicit Pieces(const Sizes& s) : batch(s.batch) {
    constexpr std::int64_t kFewest = 2, kMost = 16, kLeast = 16, kUnit = 8, kSteps = 256;
    const std::int64_t steps = batch * s.time, weights = std::max<std::int64_t>(1, s.features + s.units);
    const std::int64_t worth = std::min(steps / kSteps, std::max(2 * kFewest, steps / weights));
    const std::int64_t most = std::clamp(worth, kFewest, kMost);
    rows = std::max(kLeast, ((batch - 1) / most + kUnit) / kUnit * kUnit);
    count = (batch + rows - 1) / rows;
  }

  template <class Body>
  void each(const Body& body) const {
    parallel_products(batch, rows, [&](std::int64_t begin, std::int64_t end) {
      body(Piece{begin / rows, begin, end - begin});
    });
  }
};

// The steps of a piece are taken in blocks as even as can be, each of so many rows that what the products of
// a block read, and the gates that they leave, is still in the second cache.
inline std::int64_t block_steps(const Piece& piece, std::int64_t time) {
  constexpr std::int64_t kRows = 256;
  const std::int64_t most = std::max<std::int64_t>(1, kRows / piece.rows), blocks = (time + most - 1) / most;
  return blocks == 0 ? 0 : (time + blocks - 1) / blocks;
}

// What forward saves, piece by piece: in each a step's rows lie together, the steps in their order.
template <class T>
struct Saved {
  const Sizes& sizes;
  T *x, *gates, *apart, *hidden, *cell;  // apart and cell: null where the cell has none

  Saved at(const Piece& piece, std::int64_t step) const {
    const auto moved = [&](T* values, std::int64_t time, std::int64_t width) {
      return values == nullptr ? nullptr : values + (piece.first * time + step * piece.rows) * width;
    };
    const std::int64_t states = sizes.time + 1;  // before and after each step
    return {sizes,
            moved(x, sizes.time, sizes.features),
            moved(gates, sizes.time, sizes.width),
            moved(apart, sizes.time, sizes.width),
            moved(hidden, states, sizes.units),
            moved(cell, states, sizes.units)};
  }
};

// [batch, time, width] against a piece's [steps, rows, width].
struct StepOrder {
  std::int64_t time, width;
  bool backwards;

  template <class T>
  void to_steps(const Piece& piece, Steps of, const T* sequence, T* steps) const {
    each(piece, of, [=](std::int64_t in_sequence, std::int64_t in_steps, std::int64_t n) {
      std::copy_n(sequence + in_sequence, n, steps + in_steps);
    });
  }
  template <class T>
  void to_sequence(const Piece& piece, Steps of, const T* steps, T* sequence) const {
    each(piece, of, [=](std::int64_t in_sequence, std::int64_t in_steps, std::int64_t n) {
      std::copy_n(steps + in_steps, n, sequence + in_sequence);
    });
  }

 private:
  template <class Body>
  void each(const Piece& piece, Steps of, const Body& body) const {
    for (std::int64_t row = 0; row < piece.rows; ++row) {
      for (std::int64_t k = 0; k < of.count; ++k) {
        const std::int64_t step = of.first + k, at = backwards ? time - 1 - step : step;
        body(((piece.first + row) * time + at) * width, (k * piece.rows + row) * width, width);
      }
    }
  }
};

// A copy of the state, or zeros.
template <class T>
void begin_with(const T* state, std::int64_t count, T* to) {
  state == nullptr ? std::fill_n(to, count, T(0)) : std::copy_n(state, count, to);
}

// A gradient of which each piece writes its own: together their sum, and zeros where there is none.
template <class T>
class PieceSums {
 public:
  PieceSums(const Shape& shape, std::int64_t pieces)
      : count_(shape.elements()),
        first_(pieces == 0 ? Tensor::zeros(shape, dtype_of<T>()) : Tensor::empty(shape, dtype_of<T>())),
        others_(Tensor::empty({std::max<std::int64_t>(1, pieces) - 1, count_}, dtype_of<T>())) {}
  T* of(const Piece& piece) {
    return piece.index == 0 ? first_.raw<T>() : others_.raw<T>() + (piece.index - 1) * count_;
  }
  Tensor total() && {
    constexpr std::int64_t kGrain = std::int64_t{1} << 15;
    parallel_for(count_, kGrain, [&](std::int64_t begin, std::int64_t end) {
      const T* others = others_.raw<T>() + begin;
      add_rows(others_.shape()[0], end - begin, first_.raw<T>() + begin,
               [=, this](std::int64_t row, std::int64_t i) { return others[row * count_ + i]; });
    });
    return std::move(first_);
  }

 private:
  std::int64_t count_;
  Tensor first_, others_;
};

}  // namespace gradus::kernels::recurrent
