#include <gradus/graph/backward_through.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/packed_matrix.h>
#include <gradus/ops/kernels/linalg/product.h>
#include <gradus/ops/kernels/nn/recurrent.h>
#include <gradus/ops/kernels/nn/recurrent_steps.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus::kernels {

using namespace recurrent;

namespace {

// The gradients of x and of the weights, to which the steps add block by block.
template <class T>
class StepGradients {
 public:
  // `bias` and `hidden` are the operands' numbers, 0 where they are not given.
  StepGradients(const Backward& b, const Sizes& sizes, std::int64_t pieces, std::size_t bias,
                std::size_t hidden)
      : sizes_(sizes),
        bias_operand_(bias),
        from_zeros_(hidden == 0),
        kernel_value_(b.input(1)),
        wanted_{b.needs(0), b.needs(1), b.needs(2), bias != 0 && b.needs(bias)},
        x_(wanted_.x ? Tensor::empty(b.shape(0), dtype_of<T>()) : Tensor()),
        kernel_(wanted_.kernel ? b.shape(1) : Shape{0}, pieces),
        recurrent_(wanted_.recurrent ? b.shape(2) : Shape{0}, pieces),
        bias_(wanted_.bias ? b.shape(bias) : Shape{0}, pieces) {}

  // What a block of steps gives: `first` is what was saved of its first one, da and dp are the gradients of
  // the gates' input and recurrent parts, which are the same unless apart.
  void add(const Piece& piece, Steps steps, const StepOrder& order, const Saved<const T>& first, const T* da,
           const T* dp) {
    const DType dtype = dtype_of<T>();
    const Sizes& s = sizes_;
    const std::int64_t rows = steps.count * piece.rows;
    // The last block comes first.
    const Sum sum = steps.first + steps.count == s.time ? Sum::fresh : Sum::into;
    if (wanted_.x) {
      const Tensor in_steps = Tensor::empty({rows, s.features}, dtype);
      product(dtype, {da}, {kernel_value_.value().template raw<T>(), true}, in_steps.raw<T>(), rows, s.width,
              s.features);
      order.to_sequence(piece, steps, in_steps.raw<T>(), x_.raw<T>());
    }
    if (wanted_.kernel) {
      product(dtype, {first.x, true}, {da}, kernel_.of(piece), s.features, rows, s.width, sum);
    }
    if (wanted_.recurrent) {
      const std::int64_t zeros = steps.first == 0 && from_zeros_ ? piece.rows : 0;  // rows of the state
      product(dtype, {first.hidden + zeros * s.units, true}, {dp + zeros * s.width}, recurrent_.of(piece),
              s.units, rows - zeros, s.width, sum);
    }
    if (wanted_.bias) {
      T* to = bias_.of(piece);
      const auto add_parts = [&](const T* parts) {
        if (sum == Sum::fresh) std::fill_n(to, s.width, T(0));
        add_rows(rows, s.width, to,
                 [=, width = s.width](std::int64_t row, std::int64_t i) { return parts[row * width + i]; });
      };
      add_parts(da);
      if (dp != da) {
        to += s.width;
        add_parts(dp);
      }
    }
  }
  void give(Backward& b) && {
    if (wanted_.x) b.give(0, std::move(x_));
    if (wanted_.kernel) b.give(1, std::move(kernel_).total());
    if (wanted_.recurrent) b.give(2, std::move(recurrent_).total());
    if (wanted_.bias) b.give(bias_operand_, std::move(bias_).total());
  }

 private:
  struct Wanted {
    bool x, kernel, recurrent, bias;
  };
  const Sizes& sizes_;
  std::size_t bias_operand_;
  bool from_zeros_;  // the first state
  Variable kernel_value_;
  Wanted wanted_;
  Tensor x_;
  PieceSums<T> kernel_, recurrent_, bias_;
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
        if (t > 0 || hidden_ != 0) {  // else the state is zeros, also beside weights that are no numbers
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
  StepGradients<T> gradients(b, s, s.time == 0 ? 0 : pieces.count, bias_, hidden_);
  Tensor d_hidden = Tensor::empty({s.batch, s.units}, dtype);
  Tensor d_cell = Tensor::empty({kind_.has_cell ? s.batch : 0, s.units}, dtype);

  const Results results = this->results(b.shape(0), b.shape(2));
  const Tensor& g = b.gradient_value();
  std::size_t k = 0;
  const T* d_sequence = return_sequences_ ? results.data<T>(g, k++) : nullptr;
  std::copy_n(results.data<T>(g, k++), s.batch * s.units, d_hidden.raw<T>());
  if (kind_.has_cell) std::copy_n(results.data<T>(g, k), s.batch * s.units, d_cell.raw<T>());
  const Variable recurrent = b.input(2);
  const PackedMatrix to_state(dtype, {recurrent.value().raw<T>(), true}, s.width, s.units);
  const StepOrder order = {s.time, s.features, go_backwards_};
  const auto go_back = [&](const Piece& piece) {
    T* dh = d_hidden.raw<T>() + piece.first * s.units;
    T* dc = kind_.has_cell ? d_cell.raw<T>() + piece.first * s.units : nullptr;
    const std::int64_t block = block_steps(piece, s.time), rows = block * piece.rows;
    Tensor d_inputs = Tensor::empty({rows, s.width}, dtype);
    Tensor d_parts = Tensor::empty({kind_.apart ? rows : 0, s.width}, dtype);
    T* da = d_inputs.raw<T>();
    T* dp = kind_.apart ? d_parts.raw<T>() : da;
    for (Steps steps = {s.time, 0}; steps.first > 0;) {
      steps.count = std::min(block, steps.first);
      steps.first -= steps.count;
      for (std::int64_t t = steps.first + steps.count - 1; t >= steps.first; --t) {
        const std::int64_t in_block = (t - steps.first) * piece.rows * s.width;
        if (d_sequence != nullptr) {
          const T* from = d_sequence + (piece.first * s.time + t) * s.units;
          for (std::int64_t row = 0; row < piece.rows; ++row) {
            add_rows(1, s.units, dh + row * s.units,
                     [&](std::int64_t /*one*/, std::int64_t i) { return from[row * s.time * s.units + i]; });
          }
        }
        const Saved<const T> now = all.at(piece, t), next = all.at(piece, t + 1);
        step_back(StepBack<T>{piece.rows, s.units, now.gates, now.apart, now.hidden, now.cell, next.cell, dh,
                              dc, da + in_block, dp + in_block});
        if (t > 0 || hidden_ != 0) to_state.multiply(dp + in_block, dh, piece.rows, Sum::into);
      }
      gradients.add(piece, steps, order, all.at(piece, steps.first), da, dp);
    }
  };
  if (s.time != 0) pieces.each(go_back);

  std::move(gradients).give(b);
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
