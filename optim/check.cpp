#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/optim/check.h>

#include <cmath>
#include <limits>

namespace gradus::check {

namespace {

[[noreturn]] void refuse(std::string_view who, std::string_view what, std::string_view range,
                         std::string_view value) {
  throw ValueError(std::string(who) + ": " + std::string(what) + " must be " + std::string(range) + ", got " +
                   std::string(value));
}

void require(bool fits, std::string_view who, std::string_view what, std::string_view range, double value) {
  if (!fits) refuse(who, what, range, scalar_text(value));
}

}  // namespace

void learning_rate(std::string_view who, double value) { not_negative(who, "learning_rate", value); }

void learning_rate(std::string_view who, const LearningRate& value) {
  if (!value.is_schedule()) learning_rate(who, value(0));
}

void not_negative(std::string_view who, std::string_view what, double value) {
  require(std::isfinite(value) && value >= 0, who, what, "finite and at least 0", value);
}

void not_positive(std::string_view who, std::string_view what, double value) {
  require(std::isfinite(value) && value <= 0, who, what, "finite and at most 0", value);
}

void positive(std::string_view who, std::string_view what, double value) {
  require(value > 0, who, what, "above 0", value);
}

void scale(std::string_view who, std::string_view what, double value) {
  require(std::isfinite(value) && value > 0, who, what, "finite and above 0", value);
}

void below_one(std::string_view who, std::string_view what, double value) {
  require(value >= 0 && value < 1, who, what, "in [0, 1)", value);
}

void fraction(std::string_view who, std::string_view what, double value) {
  require(value >= 0 && value <= 1, who, what, "in [0, 1]", value);
}

void at_least(std::string_view who, std::string_view what, std::int64_t value, std::int64_t least) {
  if (value < least) refuse(who, what, "at least " + std::to_string(least), std::to_string(value));
}

void epsilon(std::string_view who, double value) {
  require(std::isfinite(value) && value >= static_cast<double>(std::numeric_limits<float>::min()), who,
          "epsilon", "finite and at least 1.2e-38, float32's least normal number", value);
}

}  // namespace gradus::check
