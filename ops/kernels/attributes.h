#pragma once

#include <gradus/ops/records.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::kernels {

// What numbers an attribute may hold. Each returns the number, or throws a ValueError such as
// "elu: alpha must be positive and finite: it is -1.0 (user.cpp:42)", x being the operand of the call.
double finite(double number, std::string_view attribute, std::string_view op, const Operand& x);
double not_negative(double number, std::string_view attribute, std::string_view op, const Operand& x);
double positive(double number, std::string_view attribute, std::string_view op, const Operand& x);

}  // namespace gradus::kernels

namespace gradus::record {

// What a record says of numbers that an attribute refuses, `with` being the op with that attribute.
struct RefusedNumber {
  double number;
  std::string message;
};
std::vector<OpError> attribute_errors(const std::function<Unary(double)>& with,
                                      const std::vector<RefusedNumber>& refused);

}  // namespace gradus::record
