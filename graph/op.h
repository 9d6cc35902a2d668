#pragma once

#include <gradus/graph/dtype.h>
#include <gradus/graph/reference_count.h>
#include <gradus/graph/shape.h>

#include <atomic>
#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

class Call;
class Forward;
class Backward;
class Tensor;

// An attribute of an op as text, for labels and reports: {"axis", "[0, 1]"}.
struct OpAttribute {
  std::string name;
  std::string value;
};
using OpAttributes = std::vector<OpAttribute>;

// A kind of operation with its attributes. Immutable, shared by the nodes that it made and by threads.
//
// To make an operation, derive, and call `apply(YourOp(...), {a, b})`. The engine calls, in this order,
// operand_dtype, infer_shape, infer_dtype, forward; and vjp once for each backward pass. Errors are thrown by
// the first three wherever shapes and types show them (`throw call.shape_error("…")`), by `forward` for
// values.
class Op {
 public:
  Op() = default;
  Op(const Op&) {}  // a copy is a new object with a count of its own
  Op& operator=(const Op&) = delete;
  virtual ~Op() = default;

  virtual std::string_view name() const = 0;
  virtual OpAttributes attributes() const { return {}; }
  // What errors call the operands; "x" for one, "a", "b", "c" for more unless told otherwise.
  virtual std::span<const std::string_view> operand_names() const { return {}; }

  // The dtype operand i is converted to before anything else sees it. By default all operands meet in one
  // number type: int32 and int64 in int64; two floating types, or an integer beside a floating operand, are a
  // DTypeError.
  virtual DType operand_dtype(const Call& call, std::size_t i) const;
  // The dtype of all operands, where one look at them tells it. By default operand_dtype is asked for each.
  virtual std::optional<DType> operands_dtype(const Call& call) const;
  virtual Shape infer_shape(const Call& call) const = 0;
  // By default the dtype of operand 0.
  virtual DType infer_dtype(const Call& call) const;
  // Fills `forward.output()`, or hands over a Tensor made elsewhere by `forward.give(...)`.
  virtual void forward(Forward& forward) const = 0;
  // The result where all operands have one shape and one floating dtype and the result has them, too: for ops
  // of small tensors, which cost more to ask than to compute. Undefined, as by default, where it is not so:
  // then the rules above are asked.
  virtual Tensor compute_alike(const Call& call) const;
  // Whether the result can want a gradient.
  virtual bool differentiable() const { return true; }
  // Gives each operand that needs one its share of the gradient:
  // `if (b.needs(0)) b.give(0, matmul(b.gradient(), b.input(1)));`. Written in ops, so that it can itself be
  // differentiated.
  virtual void vjp(Backward& backward) const;
  // Whether the result remembers its operands where nothing is recorded too (softmax, for the loss that
  // follows it).
  virtual bool remembers_operands() const { return false; }

  // The process's one K, for an op without attributes. It is made at the first call, and lives as long as the
  // process: nobody counts references to it.
  template <std::derived_from<Op> K>
  static const Ref<const Op>& lasting() {
    static constinit Lasting made = nullptr;
    if (const auto* op = made.load(std::memory_order_acquire)) return *op;
    return make_lasting(made, [] { return static_cast<Op*>(new K); });
  }

  void retain() const noexcept {
    if (!lasting_) references_.increment();
  }
  void release() const noexcept {
    if (!lasting_ && references_.decrement()) delete this;
  }

  static void* operator new(std::size_t size);
  static void operator delete(void* data, std::size_t size) noexcept;

 private:
  using Lasting = std::atomic<const Ref<const Op>*>;
  static const Ref<const Op>& make_lasting(Lasting& made, Op* (*make)());

  mutable ReferenceCount references_;
  bool lasting_ = false;
};

}  // namespace gradus
