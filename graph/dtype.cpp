#include <gradus/graph/dtype.h>
#include <gradus/graph/error.h>

#include <string>

namespace gradus {

std::string_view to_string(DType dtype) {
  switch (dtype) {
    case DType::float32: return "float32";
    case DType::float64: return "float64";
    case DType::int32: return "int32";
    case DType::int64: return "int64";
    case DType::boolean: return "boolean";
  }
  return "unknown";
}

DType parse_dtype(std::string_view name) {
  for (const DType dtype : {DType::float32, DType::float64, DType::int32, DType::int64, DType::boolean}) {
    if (to_string(dtype) == name) return dtype;
  }
  throw ValueError("dtype: '" + std::string(name) +
                   "' is unknown; known are float32, float64, int32, int64, boolean");
}

void throw_not_floating(DType dtype) {
  throw DTypeError("needs float32 or float64, not " + std::string(to_string(dtype)));
}

void throw_not_numeric(DType dtype) {
  throw DTypeError("needs a number type, not " + std::string(to_string(dtype)));
}

}  // namespace gradus
