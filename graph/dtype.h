#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace gradus {

// The element types. float32 is the default everywhere.
enum class DType : std::uint8_t { float32, float64, int32, int64, boolean };

std::string_view to_string(DType dtype);   // "float32"
DType parse_dtype(std::string_view name);  // ValueError for an unknown name

constexpr std::size_t item_size(DType dtype) {
  switch (dtype) {
    case DType::float32:
    case DType::int32: return 4;
    case DType::float64:
    case DType::int64: return 8;
    case DType::boolean: return 1;
  }
  return 0;
}
constexpr bool is_floating(DType dtype) { return dtype == DType::float32 || dtype == DType::float64; }
constexpr bool is_integer(DType dtype) { return dtype == DType::int32 || dtype == DType::int64; }

// The C++ types that stand for a DType.
template <class T>
concept Element = std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int32_t> ||
    std::is_same_v<T, std::int64_t> || std::is_same_v<T, bool>;

template <Element T>
constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, float>) return DType::float32;
  if constexpr (std::is_same_v<T, double>) return DType::float64;
  if constexpr (std::is_same_v<T, std::int32_t>) return DType::int32;
  if constexpr (std::is_same_v<T, std::int64_t>) return DType::int64;
  if constexpr (std::is_same_v<T, bool>) return DType::boolean;
}

[[noreturn]] void throw_not_floating(DType dtype);
[[noreturn]] void throw_not_numeric(DType dtype);

// Calls f.template operator()<T>() with the C++ type of `dtype`.
template <class F>
decltype(auto) dispatch(DType dtype, F&& f) {
  switch (dtype) {
    case DType::float64: return f.template operator()<double>();
    case DType::int32: return f.template operator()<std::int32_t>();
    case DType::int64: return f.template operator()<std::int64_t>();
    case DType::boolean: return f.template operator()<bool>();
    case DType::float32: break;
  }
  return f.template operator()<float>();
}
// The same for float32 and float64 only; DTypeError for the others.
template <class F>
decltype(auto) dispatch_floating(DType dtype, F&& f) {
  if (dtype == DType::float32) return f.template operator()<float>();
  if (dtype != DType::float64) throw_not_floating(dtype);
  return f.template operator()<double>();
}
// The same for all but boolean.
template <class F>
decltype(auto) dispatch_numeric(DType dtype, F&& f) {
  switch (dtype) {
    case DType::float64: return f.template operator()<double>();
    case DType::int32: return f.template operator()<std::int32_t>();
    case DType::int64: return f.template operator()<std::int64_t>();
    case DType::boolean: throw_not_numeric(dtype);
    case DType::float32: break;
  }
  return f.template operator()<float>();
}

}  // namespace gradus
