#pragma once

// What tests of ops say often: values as lists, slopes, and numbers that are none.

#include <gradus/graph/gradients.h>
#include <gradus/ops/reduction.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace gradus {

inline constexpr double kInf = std::numeric_limits<double>::infinity();
inline const auto kIsNaN = testing::Truly([](double x) { return std::isnan(x); });

inline std::vector<double> list(const Variable& variable) { return variable.value().to_vector<double>(); }

// The gradient of the sum of f(x) at x.
inline std::vector<double> slopes(const std::function<Variable(const Variable&)>& f, const Tensor& x) {
  const Variable at(x, {.requires_grad = true});
  return list(gradient(sum(f(at)), at));
}

template <class E, class F>
void expect_error(const F& call, const std::string& text) {
  EXPECT_THAT([&] { call(); }, testing::ThrowsMessage<E>(testing::HasSubstr(text)));
}

}  // namespace gradus
