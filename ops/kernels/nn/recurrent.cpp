#include <gradus/graph/backward_through.h>
#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/packed_matrix.h>
#include <gradus/ops/kernels/linalg/product.h>
#include <gradus/ops/kernels/nn/recurrent.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/matmul_precision.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus::kernels {

namespace {

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

// How the batch is cut, by its sizes alone. Each piece sums gradients of its own for the weights, so there
// are two, or more where all the steps' gates outweigh that.
struct Pieces {
  std::int64_t batch, rows, count;
  explicit Pieces(const Sizes& s) : batch(s.batch) {
    constexpr std::int64_t kFewest = 2, kMost = 16, kLeastRows = 16, kUnit = 8;
    const std::int64_t weights = std::max<std::int64_t>(1, s.features + s.units);
    const std::int64_t most = std::clamp(batch * s.time / weights, kFewest, kMost);
    rows = std::max(kLeastRows, ((batch - 1) / most + kUnit) / kUnit * kUnit);
    count = (batch + rows - 1) / rows;
  }

  template <class Body>
  void each(const Body& body) const {
    const MatmulPrecision precision = matmul_precision();
    parallel_for(batch, rows, [&](std::int64_t begin, std::int64_t end) {
      const MatmulPrecisionScope callers(precision);
      body(Piece{begin / rows, begin, end - begin});
    });
  }
};

// The steps of a piece are taken in blocks as even as can be, each of so many rows that what the products of
// a block read, and the gates that they leave, is still in the second cache.
std::int64_t block_steps(const Piece& piece, std::int64_t time) {
  constexpr std::int64_t kRows = 256;
  const std::int64_t most = std::max<std::int64_t>(1, kRows / piece.rows), blocks = (time + most - 1) / most;
  return blocks == 0 ? 0 : (time + blocks - 1) / blocks;
}

// What forward saves, piece by piece: in each a step's rows lie together, the steps in their order.
template <class T>
struct Saved {
  const Sizes& sizes;
  T *x, *gates, *apart, *hidden, *cell;  // the last of these null where the cell has none

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

template <class T>
void add_rows(const T* rows, std::int64_t count, std::int64_t width, T* sum) {
  std::int64_t i = 0;
  for (; i + 4 <= count; i += 4, rows += 4 * width) {
    const T *second = rows + width, *third = second + width, *fourth = third + width;
    for (std::int64_t j = 0; j < width; ++j) sum[j] += (rows[j] + second[j]) + (third[j] + fourth[j]);
  }
  for (; i < count; ++i, rows += width) {
    for (std::int64_t j = 0; j < width; ++j) sum[j] += rows[j];
  }
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
      T* total = first_.raw<T>();
      for (std::int64_t piece = 0; piece < others_.shape()[0]; ++piece) {
        add_rows(others_.raw<T>() + piece * count_ + begin, 1, end - begin, total + begin);
      }
    });
    return std::move(first_);
  }

 private:
  std::int64_t count_;
  Tensor first_, others_;
};

Variable flat(const Variable& x) { return reshape(x, {x.shape().elements()}); }

}  // namespace

RecurrentOp::RecurrentOp(const CellKind& kind, const RecurrentCall& call)
    : kind_(kind), return_sequences_(call.return_sequences), go_backwards_(call.go_backwards) {
  const auto append = [&](bool given, std::string_view name) {
    if (!given) return std::size_t{0};
    names_[count_] = name;
    return count_++;
  };
  bias_ = append(call.bias != nullptr, "bias");
  hidden_ = append(call.hidden->has_value(), "initial_hidden");
  cell_ = append(call.cell != nullptr && call.cell->has_value(), "initial_cell");
}

OpAttributes RecurrentOp::attributes() const {
  OpAttributes result;
  if (return_sequences_) result.push_back({"return_sequences", "true"});
  if (go_backwards_) result.push_back({"go_backwards", "true"});
  return result;
}

DType RecurrentOp::operand_dtype(const Call& call, std::size_t /*i*/) const {
  return call.common_floating_dtype();
}

Shape RecurrentOp::infer_shape(const Call& call) const {
  const Shape &x = call.shape(0), &kernel = call.shape(1), &recurrent = call.shape(2);
  const std::string widths = kind_.gates == 1 ? "units]" : std::to_string(kind_.gates) + " * units]";
  if (x.rank() != 3) throw call.shape_error("x must be [batch, time, features]");
  if (recurrent.rank() != 2 || recurrent[1] % kind_.gates != 0 ||
      recurrent[1] / kind_.gates != recurrent[0]) {
    throw call.shape_error("the recurrent kernel must be [units, " + widths);
  }
  const Sizes sizes(x, recurrent);
  extent_sum(call, sizes.time, 1);  // the states before and after each step
  if (kernel.dims() != Dims{sizes.features, sizes.width}) {
    throw call.shape_error("the kernel must be [features, " + widths + ", here " +
                           to_string(Dims{sizes.features, sizes.width}));
  }
  const Dims bias = kind_.apart ? Dims{2, sizes.width} : Dims{sizes.width};
  if (bias_ != 0 && call.shape(bias_).dims() != bias) {
    throw call.shape_error("the bias must be " + to_string(bias));
  }
  for (const std::size_t state : {hidden_, cell_}) {
    if (state != 0 && call.shape(state).dims() != Dims{sizes.batch, sizes.units}) {
      throw call.shape_error(std::string(names_[state]) + " must be " +
                             to_string(Dims{sizes.batch, sizes.units}));
    }
  }
  return results(x, recurrent).packed();
}

Results RecurrentOp::results(const Shape& x, const Shape& recurrent) const {
  const Shape state = {x[0], recurrent[0]};
  PoolVector<Shape> shapes;
  if (return_sequences_) shapes.push_back({x[0], x[1], recurrent[0]});
  shapes.push_back(state);
  if (kind_.has_cell) shapes.push_back(state);
  return Results(std::move(shapes));
}

void RecurrentOp::forward(Forward& forward) const {
  dispatch_floating(forward.output_dtype(), [&]<class T>() { run<T>(forward); });
}

template <class T>
void RecurrentOp::run(Forward& forward) const {
  const DType dtype = dtype_of<T>();
  const Sizes s(forward.shape(0), forward.shape(2));
  const Pieces pieces(s);
  const auto value = [&](std::size_t operand) {
    return operand == 0 ? nullptr : forward.value(operand).raw<T>();
  };
  const T *sequence = forward.value(0).raw<T>(), *kernel = value(1), *recurrent = value(2);
  const T *hidden_before = value(hidden_), *cell_before = value(cell_);
  PoolVector<T> none(static_cast<std::size_t>(bias_ != 0 ? 0 : kind_.apart ? 2 * s.width : s.width), T(0));
  const T* bias = bias_ == 0 ? none.data() : value(bias_);
  Tensor x = Tensor::empty({s.batch, s.time, s.features}, dtype);
  Tensor gates = Tensor::empty({s.batch, s.time, s.width}, dtype);
  Tensor apart = Tensor::empty({kind_.apart ? s.batch : 0, s.time, s.width}, dtype);
  Tensor hidden = Tensor::empty({s.batch, s.time + 1, s.units}, dtype);
  Tensor cell = Tensor::empty({kind_.has_cell ? s.batch : 0, s.time + 1, s.units}, dtype);
  const Saved<T> all = {s,
                        x.raw<T>(),
                        gates.raw<T>(),
                        kind_.apart ? apart.raw<T>() : nullptr,
                        hidden.raw<T>(),
                        kind_.has_cell ? cell.raw<T>() : nullptr};

  const Results results = this->results(forward.shape(0), forward.shape(2));
  Tensor& out = forward.output();
  std::size_t k = 0;
  T* to_sequence = return_sequences_ ? results.data<T>(out, k++) : nullptr;
  T* to_hidden = results.data<T>(out, k++);
  T* to_cell = kind_.has_cell ? results.data<T>(out, k) : nullptr;
  const PackedMatrix to_gates(dtype, {recurrent}, s.units, s.width);
  pieces.each([&](const Piece& piece) {
    const std::int64_t state = piece.rows * s.units, at = piece.first * s.units;
    const Saved<T> begin = all.at(piece, 0), end = all.at(piece, s.time);
    begin_with(hidden_before == nullptr ? nullptr : hidden_before + at, state, begin.hidden);
    if (kind_.has_cell) begin_with(cell_before == nullptr ? nullptr : cell_before + at, state, begin.cell);
    const std::int64_t block = block_steps(piece, s.time);
    for (Steps steps = {0, 0}; steps.first < s.time; steps.first += steps.count) {
      steps.count = std::min(block, s.time - steps.first);
      const Saved<T> first = all.at(piece, steps.first);
      StepOrder{s.time, s.features, go_backwards_}.to_steps(piece, steps, sequence, first.x);
      product(dtype, {first.x}, {kernel}, first.gates, steps.count * piece.rows, s.features, s.width);
      for (std::int64_t t = steps.first; t < steps.first + steps.count; ++t) {
        const Saved<T> now = all.at(piece, t), next = all.at(piece, t + 1);
        T* parts = kind_.apart ? now.apart : now.gates;
        if (t > 0 || hidden_ != 0) {  // else the state is zeros
          to_gates.multiply(now.hidden, parts, piece.rows, kind_.apart ? Sum::fresh : Sum::into);
        } else if (kind_.apart) {
          std::fill_n(parts, piece.rows * s.width, T(0));
        }
        step(Step<T>{piece.rows, s.units, now.gates, bias, parts, now.hidden, now.cell, next.hidden,
                     next.cell});
      }
    }
    if (to_sequence != nullptr) {
      StepOrder{s.time, s.units, false}.to_sequence(piece, {0, s.time}, begin.hidden + state, to_sequence);
    }
    std::copy_n(end.hidden, state, to_hidden + at);
    if (kind_.has_cell) std::copy_n(end.cell, state, to_cell + at);
  });
  for (Tensor* saved : {&x, &gates, &apart, &hidden, &cell}) forward.save(std::move(*saved));
}

void RecurrentOp::vjp(Backward& b) const {
  if (b.create_graph()) {
    backward_through(b, [this](std::span<const Variable> operands) { return composed(operands); });
    return;
  }
  dispatch_floating(b.gradient_value().dtype(), [&]<class T>() { run_back<T>(b); });
}

// With da and dp the gradients of the gates' input and recurrent parts (dp = da unless apart), over all
// steps: dx = da kernelᵀ, dkernel = xᵀ da, drecurrent = hᵀ dp, dbias = their sums; each step hands dp
// recurrentᵀ to the hidden state before it.
template <class T>
void RecurrentOp::run_back(Backward& b) const {
  const DType dtype = dtype_of<T>();
  const Sizes s(b.shape(0), b.shape(2));
  const Pieces pieces(s);
  const Saved<const T> all = {s,
                              b.saved(0).raw<T>(),
                              b.saved(1).raw<T>(),
                              kind_.apart ? b.saved(2).raw<T>() : nullptr,
                              b.saved(3).raw<T>(),
                              kind_.has_cell ? b.saved(4).raw<T>() : nullptr};
  const Variable kernel = b.input(1), recurrent = b.input(2);
  const bool needs_bias = bias_ != 0 && b.needs(bias_);
  const auto sums = [&](bool needed, std::size_t operand) {
    return PieceSums<T>(needed ? b.shape(operand) : Shape{0}, s.time == 0 ? 0 : pieces.count);
  };
  PieceSums<T> d_kernel = sums(b.needs(1), 1), d_recurrent = sums(b.needs(2), 2),
               d_bias = sums(needs_bias, bias_);
  Tensor dx = b.needs(0) ? Tensor::zeros(b.shape(0), dtype) : Tensor();
  Tensor d_hidden = Tensor::empty({s.batch, s.units}, dtype);
  Tensor d_cell = Tensor::empty({kind_.has_cell ? s.batch : 0, s.units}, dtype);

  const Results results = this->results(b.shape(0), b.shape(2));
  const Tensor& g = b.gradient_value();
  std::size_t k = 0;
  const T* d_sequence = return_sequences_ ? results.data<T>(g, k++) : nullptr;
  std::copy_n(results.data<T>(g, k++), s.batch * s.units, d_hidden.raw<T>());
  if (kind_.has_cell) std::copy_n(results.data<T>(g, k), s.batch * s.units, d_cell.raw<T>());
  const PackedMatrix to_state(dtype, {recurrent.value().raw<T>(), true}, s.width, s.units);
  pieces.each([&](const Piece& piece) {
    T* dh = d_hidden.raw<T>() + piece.first * s.units;
    T* dc = kind_.has_cell ? d_cell.raw<T>() + piece.first * s.units : nullptr;
    const std::int64_t block = block_steps(piece, s.time), rows = block * piece.rows;
    Tensor d_inputs = Tensor::empty({rows, s.width}, dtype);
    Tensor d_parts = Tensor::empty({kind_.apart ? rows : 0, s.width}, dtype);
    Tensor d_steps = Tensor::empty({b.needs(0) ? rows : 0, s.features}, dtype);
    T* da = d_inputs.raw<T>();
    T* dp = kind_.apart ? d_parts.raw<T>() : da;
    if (needs_bias) std::fill_n(d_bias.of(piece), b.shape(bias_).elements(), T(0));
    for (Steps steps = {s.time, 0}; steps.first > 0;) {
      steps.count = std::min(block, steps.first);
      steps.first -= steps.count;
      for (std::int64_t t = steps.first + steps.count - 1; t >= steps.first; --t) {
        const std::int64_t in_block = (t - steps.first) * piece.rows * s.width;
        for (std::int64_t row = 0; d_sequence != nullptr && row < piece.rows; ++row) {
          add_rows(d_sequence + ((piece.first + row) * s.time + t) * s.units, 1, s.units, dh + row * s.units);
        }
        const Saved<const T> now = all.at(piece, t), next = all.at(piece, t + 1);
        step_back(StepBack<T>{piece.rows, s.units, now.gates, now.apart, now.hidden, now.cell, next.cell, dh,
                              dc, da + in_block, dp + in_block});
        if (t > 0 || hidden_ != 0) to_state.multiply(dp + in_block, dh, piece.rows, Sum::into);
      }
      const Saved<const T> first = all.at(piece, steps.first);
      const std::int64_t done = steps.count * piece.rows;
      const Sum sum = steps.first + steps.count == s.time ? Sum::fresh : Sum::into;
      if (b.needs(0)) {
        product(dtype, {da}, {kernel.value().raw<T>(), true}, d_steps.raw<T>(), done, s.width, s.features);
        StepOrder{s.time, s.features, go_backwards_}.to_sequence(piece, steps, d_steps.raw<T>(), dx.raw<T>());
      }
      if (b.needs(1)) {
        product(dtype, {first.x, true}, {da}, d_kernel.of(piece), s.features, done, s.width, sum);
      }
      if (b.needs(2)) {
        const std::int64_t zeros = steps.first == 0 && hidden_ == 0 ? piece.rows : 0;  // rows of the state
        product(dtype, {first.hidden + zeros * s.units, true}, {dp + zeros * s.width}, d_recurrent.of(piece),
                s.units, done - zeros, s.width, sum);
      }
      if (needs_bias) {
        add_rows(da, done, s.width, d_bias.of(piece));
        if (kind_.apart) add_rows(dp, done, s.width, d_bias.of(piece) + s.width);
      }
    }
  });

  if (b.needs(0)) b.give(0, std::move(dx));
  if (b.needs(1)) b.give(1, std::move(d_kernel).total());
  if (b.needs(2)) b.give(2, std::move(d_recurrent).total());
  if (needs_bias) b.give(bias_, std::move(d_bias).total());
  if (hidden_ != 0 && b.needs(hidden_)) b.give(hidden_, std::move(d_hidden));
  if (cell_ != 0 && b.needs(cell_)) b.give(cell_, std::move(d_cell));
}

Variable gate(const Variable& gates, std::int64_t k, std::int64_t units) {
  return slice(gates, {{}, {.start = k * units, .stop = (k + 1) * units}});
}

Variable RecurrentOp::composed(std::span<const Variable> operands) const {
  const Variable &x = operands[0], &kernel = operands[1], &recurrent = operands[2];
  const Sizes s(x.shape(), recurrent.shape());
  const auto bias = [&](std::int64_t k) {
    return kind_.apart ? reshape(slice(operands[bias_], {{.start = k, .stop = k + 1}}), {s.width})
                       : operands[bias_];
  };
  const Variable zeros(Tensor::zeros({s.batch, s.units}, x.dtype()));
  States states = {hidden_ == 0 ? zeros : operands[hidden_], cell_ == 0 ? zeros : operands[cell_]};
  std::vector<Operand> outputs;
  for (std::int64_t t = 0; t < s.time; ++t) {
    const std::int64_t at = go_backwards_ ? s.time - 1 - t : t;
    const Variable now = reshape(slice(x, {{}, {.start = at, .stop = at + 1}}), {s.batch, s.features});
    const Variable input = bias_ == 0 ? dense(now, kernel) : dense(now, kernel, bias(0));
    const Variable part = bias_ == 0 || !kind_.apart ? dense(states.hidden, recurrent)
                                                     : dense(states.hidden, recurrent, bias(1));
    states = step(input, part, states);
    outputs.emplace_back(reshape(states.hidden, {s.batch, 1, s.units}));
  }
  std::vector<Operand> parts;
  if (return_sequences_ && !outputs.empty()) parts.emplace_back(flat(concatenate(outputs, {.axis = 1})));
  parts.emplace_back(flat(states.hidden));
  if (kind_.has_cell) parts.emplace_back(flat(states.cell));
  return concatenate(parts);
}

LstmResult run_recurrent(const Ref<const Op>& op, const RecurrentOp& net, const RecurrentCall& call) {
  PoolVector<Operand> operands = {call.x, call.kernel, call.recurrent};
  if (call.bias != nullptr) operands.push_back(*call.bias);
  for (const auto* state : {call.hidden, call.cell}) {
    if (state != nullptr && state->has_value()) operands.push_back(**state);
  }
  const Variable packed = gradus::apply(op, std::span<const Operand>(operands));
  const Results results = net.results(call.x.shape(), call.recurrent.shape());
  const std::size_t last = results.size() - 1, hidden = call.cell == nullptr ? last : last - 1;
  LstmResult result;
  result.hidden = results.part(packed, hidden);
  result.output = call.return_sequences ? results.part(packed, 0) : result.hidden;
  if (call.cell != nullptr) result.cell = results.part(packed, last);
  return result;
}

}  // namespace gradus::kernels
