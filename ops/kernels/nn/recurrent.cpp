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

// [batch, time, width] against [time, batch, width], the steps in the order in which they are taken.
struct StepOrder {
  std::int64_t batch, time, width;
  bool backwards;

  template <class T>
  void to_steps(const T* sequence, T* steps) const {
    each([=](std::int64_t in_sequence, std::int64_t in_steps, std::int64_t n) {
      std::copy_n(sequence + in_sequence, n, steps + in_steps);
    });
  }
  template <class T>
  void to_sequence(const T* steps, T* sequence) const {
    each([=](std::int64_t in_sequence, std::int64_t in_steps, std::int64_t n) {
      std::copy_n(steps + in_steps, n, sequence + in_sequence);
    });
  }

 private:
  template <class Body>
  void each(const Body& body) const {
    for (std::int64_t b = 0; b < batch; ++b) {
      for (std::int64_t t = 0; t < time; ++t) {
        body((b * time + t) * width, ((backwards ? time - 1 - t : t) * batch + b) * width, width);
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
void sum_rows(const T* rows, std::int64_t count, std::int64_t width, T* sum) {
  std::fill_n(sum, width, T(0));
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t j = 0; j < width; ++j) sum[j] += rows[i * width + j];
  }
}

// Runs body(first row, rows) for pieces of the batch, each over all its steps: rows know nothing of each
// other.
template <class Body>
void each_piece(const Sizes& sizes, const Body& body) {
  constexpr std::int64_t kPiece = 16;
  if (sizes.units == 0) return;
  const MatmulPrecision precision = matmul_precision();
  parallel_for(sizes.batch, kPiece, [&](std::int64_t begin, std::int64_t end) {
    const MatmulPrecisionScope callers(precision);
    body(begin, end - begin);
  });
}

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
  const T *kernel = forward.value(1).raw<T>(), *recurrent = forward.value(2).raw<T>();
  PoolVector<T> none(static_cast<std::size_t>(bias_ != 0 ? 0 : kind_.apart ? 2 * s.width : s.width), T(0));
  const T* bias = bias_ == 0 ? none.data() : forward.value(bias_).raw<T>();
  const std::int64_t state = s.batch * s.units, width = s.batch * s.width;
  Tensor x = Tensor::empty({s.time, s.batch, s.features}, dtype);
  Tensor gates = Tensor::empty({s.time, s.batch, s.width}, dtype);
  Tensor apart = Tensor::empty({kind_.apart ? s.time : 0, s.batch, s.width}, dtype);
  Tensor hidden = Tensor::empty({s.time + 1, s.batch, s.units}, dtype);
  Tensor cell = Tensor::empty({kind_.has_cell ? s.time + 1 : 0, s.batch, s.units}, dtype);

  StepOrder{s.batch, s.time, s.features, go_backwards_}.to_steps(forward.value(0).raw<T>(), x.raw<T>());
  product(dtype, {x.raw<T>()}, {kernel}, gates.raw<T>(), s.time * s.batch, s.features, s.width);
  begin_with(hidden_ == 0 ? nullptr : forward.value(hidden_).raw<T>(), state, hidden.raw<T>());
  if (kind_.has_cell) {
    begin_with(cell_ == 0 ? nullptr : forward.value(cell_).raw<T>(), state, cell.raw<T>());
  }
  const PackedMatrix to_gates(dtype, {recurrent}, s.units, s.width);
  each_piece(s, [&](std::int64_t first, std::int64_t count) {
    for (std::int64_t t = 0; t < s.time; ++t) {
      T* h = hidden.raw<T>() + t * state + first * s.units;
      T* c = kind_.has_cell ? cell.raw<T>() + t * state + first * s.units : nullptr;
      T* a = gates.raw<T>() + t * width + first * s.width;
      T* p = kind_.apart ? apart.raw<T>() + t * width + first * s.width : a;
      to_gates.multiply(h, p, count, kind_.apart ? Sum::fresh : Sum::into);
      step(Step<T>{count, s.units, a, bias, p, h, c, h + state, c == nullptr ? nullptr : c + state});
    }
  });

  const Results results = this->results(forward.shape(0), forward.shape(2));
  Tensor& out = forward.output();
  std::size_t k = 0;
  if (return_sequences_) {
    StepOrder{s.batch, s.time, s.units, false}.to_sequence(hidden.raw<T>() + state,
                                                           results.data<T>(out, k++));
  }
  std::copy_n(hidden.raw<T>() + s.time * state, state, results.data<T>(out, k++));
  if (kind_.has_cell) std::copy_n(cell.raw<T>() + s.time * state, state, results.data<T>(out, k));
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
  const std::int64_t state = s.batch * s.units, width = s.batch * s.width, rows = s.time * s.batch;
  const T *x = b.saved(0).raw<T>(), *gates = b.saved(1).raw<T>(), *apart = b.saved(2).raw<T>();
  const T *hidden = b.saved(3).raw<T>(), *cell = b.saved(4).raw<T>();
  const Variable kernel = b.input(1), recurrent = b.input(2);
  const Results results = this->results(b.shape(0), b.shape(2));
  const Tensor& g = b.gradient_value();
  Tensor d_hidden = Tensor::empty({s.batch, s.units}, dtype);
  Tensor d_cell = Tensor::empty({kind_.has_cell ? s.batch : 0, s.units}, dtype);
  Tensor d_input = Tensor::empty({rows, s.width}, dtype);
  Tensor d_apart = Tensor::empty({kind_.apart ? rows : 0, s.width}, dtype);

  std::size_t k = 0;
  const T* d_sequence = return_sequences_ ? results.data<T>(g, k++) : nullptr;
  std::copy_n(results.data<T>(g, k++), state, d_hidden.raw<T>());
  if (kind_.has_cell) std::copy_n(results.data<T>(g, k), state, d_cell.raw<T>());
  const PackedMatrix to_state(dtype, {recurrent.value().raw<T>(), true}, s.width, s.units);
  each_piece(s, [&](std::int64_t first, std::int64_t count) {
    T* d_state = d_hidden.raw<T>() + first * s.units;
    for (std::int64_t t = s.time - 1; t >= 0; --t) {
      for (std::int64_t row = 0; d_sequence != nullptr && row < count; ++row) {
        const T* from = d_sequence + ((first + row) * s.time + t) * s.units;
        T* to = d_state + row * s.units;
        for (std::int64_t i = 0; i < s.units; ++i) to[i] += from[i];
      }
      const std::int64_t at = t * width + first * s.width, at_state = t * state + first * s.units;
      T* da = d_input.raw<T>() + at;
      T* dp = kind_.apart ? d_apart.raw<T>() + at : da;
      const T* c = kind_.has_cell ? cell + at_state : nullptr;
      step_back(StepBack<T>{count, s.units, gates + at, kind_.apart ? apart + at : nullptr, hidden + at_state,
                            c, c == nullptr ? nullptr : c + state, d_state,
                            kind_.has_cell ? d_cell.raw<T>() + first * s.units : nullptr, da, dp});
      to_state.multiply(dp, d_state, count, Sum::into);
    }
  });

  const Tensor& d_recurrent_part = kind_.apart ? d_apart : d_input;
  if (b.needs(0)) {
    Tensor steps = Tensor::empty({rows, s.features}, dtype), dx = Tensor::empty(b.shape(0), dtype);
    product(dtype, {d_input.raw<T>()}, {kernel.value().raw<T>(), true}, steps.raw<T>(), rows, s.width,
            s.features);
    StepOrder{s.batch, s.time, s.features, go_backwards_}.to_sequence(steps.raw<T>(), dx.raw<T>());
    b.give(0, std::move(dx));
  }
  if (b.needs(1)) {
    Tensor d_kernel = Tensor::empty(b.shape(1), dtype);
    product(dtype, {x, true}, {d_input.raw<T>()}, d_kernel.raw<T>(), s.features, rows, s.width);
    b.give(1, std::move(d_kernel));
  }
  if (b.needs(2)) {
    Tensor d_recurrent = Tensor::empty(b.shape(2), dtype);
    product(dtype, {hidden, true}, {d_recurrent_part.raw<T>()}, d_recurrent.raw<T>(), s.units, rows, s.width);
    b.give(2, std::move(d_recurrent));
  }
  if (bias_ != 0 && b.needs(bias_)) {
    Tensor d_bias = Tensor::empty(b.shape(bias_), dtype);
    sum_rows(d_input.raw<T>(), rows, s.width, d_bias.raw<T>());
    if (kind_.apart) sum_rows(d_apart.raw<T>(), rows, s.width, d_bias.raw<T>() + s.width);
    b.give(bias_, std::move(d_bias));
  }
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
