#pragma once

#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/shape/results.h>
#include <gradus/ops/nn.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace gradus::kernels {

// Note [Recurrent nets]
// A net is a cell run over time. The products are the same for all cells, and one for a block of steps where
// they can be; what a cell adds is elementwise: from its gates' input parts a = x kernel + bias and recurrent
// parts p = h recurrent, both [batch, gates * units], to the next states, and back. p is added to a unless
// the cell wants them `apart`. Forward is one kernel that saves the gates, and so is backward through time;
// gradients that are to be differentiated come from the same net made of ops.

// One step of a cell over contiguous rows.
template <class T>
struct Step {
  std::int64_t rows = 0, units = 0;
  T* gates = nullptr;       // in: their input parts without the bias; out: whatever backward wants of them
  const T* bias = nullptr;  // [gates * units], and once more for the recurrent parts where apart
  T* recurrent = nullptr;   // where apart: the recurrent parts without their bias; out: what backward wants
  const T *hidden_before = nullptr, *cell_before = nullptr;
  T *hidden = nullptr, *cell = nullptr;  // out
};
template <class T>
struct StepBack {
  std::int64_t rows = 0, units = 0;
  const T *gates = nullptr, *recurrent = nullptr;  // as Step left them
  const T *hidden_before = nullptr, *cell_before = nullptr, *cell = nullptr;
  T* d_hidden =
      nullptr;          // in: of the state after the step; out: the share of the one before, without products
  T* d_cell = nullptr;  // in: of the state after the step; out: of the one before
  T* d_input = nullptr;      // out: of the gates' input parts
  T* d_recurrent = nullptr;  // out: of their recurrent parts, where apart
};
struct States {
  Variable hidden, cell;
};

// out[k][i] = f(in[0][i], in[1][i], ...)[k] for n values of each, a vector at a time; the last one, where it
// is not whole, is padded. Each of `out` may be an operand; otherwise none overlaps another.
template <class T, std::size_t outs, class F, class... In>
void each_unit(std::int64_t n, const std::array<T*, outs>& out, const F& f, const In*... in) {
  using V = Vector<T>;
  std::int64_t i = 0;
  for (; i + V::kWidth <= n; i += V::kWidth) {
    const std::array<V, outs> results = f(V::load(in + i)...);
    for (std::size_t k = 0; k < outs; ++k) results[k].store(out[k] + i);
  }
  if (i == n) return;
  const std::array<V, outs> results = f(load_part(in + i, n - i)...);
  for (std::size_t k = 0; k < outs; ++k) store_part(results[k], out[k] + i, n - i);
}

struct CellKind {
  std::string_view name = {};
  std::int64_t gates = 1;
  bool has_cell = false;
  bool apart = false;  // two biases too: [2, gates * units]
};

// A net as a user calls it.
struct RecurrentCall {
  const Operand &x, &kernel, &recurrent;
  const Operand* bias = nullptr;
  const std::optional<Operand>*hidden = nullptr, *cell = nullptr;
  bool return_sequences = false, go_backwards = false;
};

class RecurrentOp : public Op {
 public:
  RecurrentOp(const CellKind& kind, const RecurrentCall& call);
  std::string_view name() const override { return kind_.name; }
  OpAttributes attributes() const override;
  std::span<const std::string_view> operand_names() const override { return std::span(names_).first(count_); }
  DType operand_dtype(const Call& call, std::size_t i) const override;
  Shape infer_shape(const Call& call) const override;
  void forward(Forward& forward) const override;
  void vjp(Backward& b) const override;

  // The results: the sequence where it is returned, the hidden state, the cell where there is one.
  Results results(const Shape& x, const Shape& recurrent) const;
  // The same packed results, made of ops.
  Variable composed(std::span<const Variable> operands) const;

 protected:
  virtual void step(const Step<float>& step) const = 0;
  virtual void step(const Step<double>& step) const = 0;
  virtual void step_back(const StepBack<float>& step) const = 0;
  virtual void step_back(const StepBack<double>& step) const = 0;
  // The cell made of ops: `input` and `recurrent` are [batch, gates * units].
  virtual States step(const Variable& input, const Variable& recurrent, const States& before) const = 0;

 private:
  template <class T>
  void run(Forward& forward) const;
  template <class T>
  void run_back(Backward& b) const;

  CellKind kind_;
  bool return_sequences_, go_backwards_;
  std::size_t bias_ = 0, hidden_ = 0, cell_ = 0;  // which operand; 0: not given
  std::array<std::string_view, 6> names_ = {"x", "kernel", "recurrent_kernel"};
  std::size_t count_ = 3;
};

// A net from a struct with `kKind`, `step` and `step_back` for any T, and `step` of Variables.
template <class Cell>
class Recurrent final : public RecurrentOp {
 public:
  explicit Recurrent(const RecurrentCall& call) : RecurrentOp(Cell::kKind, call) {}

 protected:
  void step(const Step<float>& step) const override { Cell::run(step); }
  void step(const Step<double>& step) const override { Cell::run(step); }
  void step_back(const StepBack<float>& step) const override { Cell::run_back(step); }
  void step_back(const StepBack<double>& step) const override { Cell::run_back(step); }
  States step(const Variable& input, const Variable& recurrent, const States& before) const override {
    return Cell::composed(input, recurrent, before);
  }
};

// Runs a net, which is the op: output, hidden, cell.
LstmResult run_recurrent(const Ref<const Op>& op, const RecurrentOp& net, const RecurrentCall& call);
template <class Cell>
LstmResult run_recurrent(const RecurrentCall& call) {
  const auto* net = new Recurrent<Cell>(call);
  return run_recurrent(Ref<const Op>::adopt(net), *net, call);
}

// Gate k of some [batch, gates * units].
Variable gate(const Variable& gates, std::int64_t k, std::int64_t units);

}  // namespace gradus::kernels
