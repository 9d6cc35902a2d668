#pragma once

#include <gradus/graph/source_location.h>
#include <gradus/graph/variable.h>

#include <type_traits>

namespace gradus {

// What an op takes: a Variable, Parameter, Tensor or number, and where in the user's source it was passed.
// The default argument is evaluated at the call, also for operators, so `x * w + b` records the user's own
// line. Borrows a Variable that outlives the call and keeps a temporary one.
class Operand {
 public:
  Operand(const Variable& variable,
          SourceLocation where = SourceLocation::current())  // NOLINT: implicit on purpose
      : borrowed_(&variable), where_(where) {}
  Operand(Variable&& variable, SourceLocation where = SourceLocation::current())  // NOLINT
      : kept_(std::move(variable)), where_(where) {}
  Operand(const Tensor& tensor, SourceLocation where = SourceLocation::current());  // NOLINT
  template <class N>
  requires std::is_arithmetic_v<N> Operand(N number,
                                           SourceLocation where = SourceLocation::current())  // NOLINT
      : number_(static_cast<double>(number)),
        kind_(std::is_same_v<N, bool> ? Kind::truth : Kind::number),
        where_(where) {
    if constexpr (std::is_integral_v<N> && !std::is_same_v<N, bool>) {
      integer_ = static_cast<std::int64_t>(number);
      if ((integer_ < 0) == (number_ < 0)) kind_ = Kind::integer;  // not so for one beyond int64
    }
  }

  // The same operand as if passed at `where`: for functions that hand on what a user gave them.
  Operand at(SourceLocation where) const {
    Operand other = *this;
    other.where_ = where;
    return other;
  }

  bool is_number() const { return kind_ != Kind::variable; }
  bool is_truth() const { return kind_ == Kind::truth; }
  bool is_integer() const { return kind_ == Kind::integer; }  // a number of an integer type, within int64
  double number() const { return number_; }
  // The number with all its digits. REQUIRES is_integer().
  std::int64_t integer() const { return integer_; }
  // REQUIRES !is_number(); an undefined Variable for a number.
  const Variable& variable() const { return !is_number() && borrowed_ != nullptr ? *borrowed_ : kept_; }
  const SourceLocation& where() const { return where_; }

  // For functions that look at an operand before they call an op; a number is a float32 scalar here, and so
  // is a Variable without a value, which the op will refuse.
  bool has_value() const { return !is_number() && variable().defined(); }
  Shape shape() const { return has_value() ? variable().shape() : Shape(); }
  DType dtype() const { return has_value() ? variable().dtype() : DType::float32; }
  int rank() const { return has_value() ? variable().rank() : 0; }

 private:
  enum class Kind : std::uint8_t { variable, number, truth, integer };
  union {
    const Variable* borrowed_ = nullptr;
    std::int64_t integer_;  // of an integer
  };
  Variable kept_;
  double number_ = 0;
  Kind kind_ = Kind::variable;
  SourceLocation where_;
};

}  // namespace gradus
