#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/checks.h>

#include <cmath>

namespace gradus::data {

namespace {

[[noreturn]] void refuse(const std::string& call, const char* name, const char* wanted,
                         const std::string& got) {
  throw ValueError(call + ": " + name + " must be " + wanted + ", got " + got);
}

}  // namespace

void require_positive(const std::string& call, const char* name, std::int64_t value) {
  if (value < 1) refuse(call, name, "positive", std::to_string(value));
}

void require_spread(const std::string& call, const char* name, double value) {
  if (!(value >= 0) || std::isinf(value)) refuse(call, name, "finite and not negative", scalar_text(value));
}

void require_finite(const std::string& call, const char* name, double value) {
  if (!std::isfinite(value)) refuse(call, name, "finite", scalar_text(value));
}

void require_share(const std::string& call, const char* name, double value) {
  if (!(value >= 0 && value <= 1)) refuse(call, name, "in [0, 1]", scalar_text(value));
}

std::int64_t rows_of(const std::string& call, const char* name, const Tensor& x) {
  x.require_defined();
  if (x.rank() == 0) throw ShapeError(call + ": " + name + " is a scalar; it needs rows");
  return x.dim(0);
}

}  // namespace gradus::data
