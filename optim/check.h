#pragma once

#include <gradus/optim/learning_rate.h>

#include <string_view>

namespace gradus::check {

// Each throws ValueError "Adam: beta_1 must be in [0, 1), got 1.0"; NaN is never in a range.
void learning_rate(std::string_view who, double value);  // finite, >= 0
// What a schedule gives is not asked for before its step.
void learning_rate(std::string_view who, const LearningRate& value);
void not_negative(std::string_view who, std::string_view what, double value);  // finite, >= 0
void not_positive(std::string_view who, std::string_view what, double value);  // finite, <= 0
void positive(std::string_view who, std::string_view what, double value);      // > 0
void scale(std::string_view who, std::string_view what, double value);         // finite, > 0
void below_one(std::string_view who, std::string_view what, double value);     // [0, 1)
void fraction(std::string_view who, std::string_view what, double value);      // [0, 1]
void at_least(std::string_view who, std::string_view what, std::int64_t value, std::int64_t least);
// Finite, and in float32 neither 0 nor subnormal: there it would not keep a division from 0/0.
void epsilon(std::string_view who, double value);

}  // namespace gradus::check
