#pragma once

#include <gradus/graph/call.h>
#include <gradus/graph/operand.h>
#include <gradus/graph/recording.h>

#include <array>
#include <initializer_list>

namespace gradus {

// What an operation takes: floats (integers become float32), any one number type, or anything as it is.
enum class Takes : std::uint8_t { floating, numbers, anything };

struct Signature {
  std::string_view name = {};
  Takes takes = Takes::floating;
  std::span<const std::string_view> operand_names = {};  // must live on, as literals and statics do
};

// A call of an operation that is made of others. Operands are converted and misuse is refused under its own
// name, and while it lives this thread's op calls carry the user's line:
//
//   const Expansion op({.name = "variance"}, {x});
//   if (op.shape(0).rank() == 0) throw op.shape_error("needs rank 1 or more");
//   return op.named(mean(square(op[0] - mean(op[0]))));
class Expansion {
 public:
  Expansion(const Signature& signature, std::span<const Operand> operands);
  Expansion(const Signature& signature, std::initializer_list<Operand> operands)
      : Expansion(signature, std::span(operands.begin(), operands.size())) {}
  Expansion(const Expansion&) = delete;
  Expansion& operator=(const Expansion&) = delete;

  // The operands, converted.
  const Variable& operator[](std::size_t i) const { return operands_[i]; }
  std::span<const Variable> operands() const { return operands_; }
  std::size_t size() const { return operands_.size(); }
  // What the checks need; see Call.
  const Call& call() const { return call_; }
  const Shape& shape(std::size_t i) const { return call_.shape(i); }
  // The result, under the operation's name where it is recorded and has none: what pictures of the graph
  // show.
  Variable named(Variable result) const;
  ShapeError shape_error(std::string_view problem) const { return call_.shape_error(problem); }
  DTypeError dtype_error(std::string_view problem) const { return call_.dtype_error(problem); }
  ValueError value_error(std::string_view problem) const { return call_.value_error(problem); }

 private:
  // Stands in for an op wherever a Call wants one.
  class Parts : public Op {
   public:
    explicit Parts(const Signature& signature) : signature_(signature) {}
    std::string_view name() const override { return signature_.name; }
    std::span<const std::string_view> operand_names() const override { return signature_.operand_names; }
    DType operand_dtype(const Call& call, std::size_t i) const override;
    Shape infer_shape(const Call& call) const override { return call.shape(0); }
    void forward(Forward& /*forward*/) const override {}

   private:
    Signature signature_;
  };

  Parts parts_;
  PoolVector<Edge> edges_;
  SourceLocation where_;
  Call call_;
  recording::Attribute attribute_;
  PoolVector<Variable> operands_;
};

}  // namespace gradus
