#include <gradus/graph/expansion.h>
#include <gradus/graph/number_text.h>
#include <gradus/ops/kernels/attributes.h>

#include <cmath>

namespace gradus::kernels {

namespace {

double required(bool holds, std::string_view what, double number, std::string_view attribute,
                std::string_view op, const Operand& x) {
  if (holds && std::isfinite(number)) return number;
  const Expansion call({.name = op, .takes = Takes::anything}, {x});
  throw call.value_error(std::string(attribute) + " must be " + std::string(what) + ": it is " +
                         scalar_text(number));
}

}  // namespace

double finite(double number, std::string_view attribute, std::string_view op, const Operand& x) {
  return required(true, "finite", number, attribute, op, x);
}

double not_negative(double number, std::string_view attribute, std::string_view op, const Operand& x) {
  return required(number >= 0, "finite and not negative", number, attribute, op, x);
}

double positive(double number, std::string_view attribute, std::string_view op, const Operand& x) {
  return required(number > 0, "positive and finite", number, attribute, op, x);
}

}  // namespace gradus::kernels

namespace gradus::record {

std::vector<OpError> attribute_errors(const std::function<Unary(double)>& with,
                                      const std::vector<RefusedNumber>& refused) {
  std::vector<OpError> errors;
  for (const RefusedNumber& one : refused) {
    errors.push_back({one.message,
                      {Tensor::ones({2})},
                      [call = with(one.number)](std::span<const Variable> x) { return call(x[0]); }});
  }
  return errors;
}

}  // namespace gradus::record
