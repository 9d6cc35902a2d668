#include <gradus/graph/error.h>
#include <gradus/models/data/decoded_file.h>
#include <gradus/models/data/read_idx.h>

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

namespace gradus::data {

namespace {

struct Type {
  unsigned code = 0;
  std::size_t size = 0;  // of a value in the file
  DType dtype = DType::int32;
};
constexpr std::array kTypes = {Type{0x08, 1, DType::int32},   Type{0x09, 1, DType::int32},
                               Type{0x0B, 2, DType::int32},   Type{0x0C, 4, DType::int32},
                               Type{0x0D, 4, DType::float32}, Type{0x0E, 8, DType::float64}};

// An unsigned number of `size` bytes, the highest first.
std::uint64_t big_endian(const std::byte* bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  return value;
}

template <unsigned kCode>
auto value_of(const std::byte* bytes) {
  if constexpr (kCode == 0x08) return std::to_integer<std::int32_t>(*bytes);
  if constexpr (kCode == 0x09) return std::int32_t{std::to_integer<std::int8_t>(*bytes)};
  if constexpr (kCode == 0x0B) return std::int32_t{static_cast<std::int16_t>(big_endian(bytes, 2))};
  if constexpr (kCode == 0x0C) return static_cast<std::int32_t>(big_endian(bytes, 4));
  if constexpr (kCode == 0x0D) return std::bit_cast<float>(static_cast<std::uint32_t>(big_endian(bytes, 4)));
  if constexpr (kCode == 0x0E) return std::bit_cast<double>(big_endian(bytes, 8));
}

// Fills `out` with values of the file's own type, a piece at a time.
template <unsigned kCode, std::size_t kSize, class T>
void read_values(DecodedFile& file, std::span<T> out) {
  constexpr std::size_t kPiece = 8192;
  std::vector<std::byte> bytes(std::min(kPiece, out.size()) * kSize);
  for (std::size_t begin = 0; begin < out.size(); begin += kPiece) {
    const std::size_t count = std::min(kPiece, out.size() - begin);
    file.read(std::span(bytes).first(count * kSize));
    for (std::size_t i = 0; i < count; ++i) {
      out[begin + i] = static_cast<T>(value_of<kCode>(bytes.data() + i * kSize));
    }
  }
}

Tensor values(DecodedFile& file, const Type& type, const Shape& shape, DType wanted) {
  // Whole numbers fit any number type as they are; the rest is converted by `cast`, which checks.
  const bool exact = type.dtype == DType::int32 && wanted != DType::boolean;
  Tensor result = Tensor::empty(shape, exact ? wanted : type.dtype);
  const auto fill = [&]<unsigned kCode, std::size_t kSize, class T>() {
    read_values<kCode, kSize>(file, std::span(result.raw<T>(), static_cast<std::size_t>(result.size())));
  };
  if (type.code == 0x0D) {
    fill.operator()<0x0D, 4, float>();
  } else if (type.code == 0x0E) {
    fill.operator()<0x0E, 8, double>();
  } else {
    dispatch_numeric(result.dtype(), [&]<class T>() {
      switch (type.code) {
        case 0x08: return fill.template operator()<0x08, 1, T>();
        case 0x09: return fill.template operator()<0x09, 1, T>();
        case 0x0B: return fill.template operator()<0x0B, 2, T>();
        default: return fill.template operator()<0x0C, 4, T>();
      }
    });
  }
  file.expect_end();
  return result.cast(wanted);
}

}  // namespace

Tensor read_idx(const std::string& path, const IdxOptions& options) {
  DecodedFile file(path);
  std::array<std::byte, 4> head = {};
  file.read(head);
  if (big_endian(head.data(), 2) != 0) file.fail("it is not an IDX file: that begins with two zero bytes");
  const auto code = std::to_integer<unsigned>(head[2]);
  const auto* const type =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& known) { return known.code == code; });
  if (type == kTypes.end()) file.fail("its IDX type " + std::to_string(code) + " is none of 8 9 11 12 13 14");
  std::vector<std::int64_t> dims(std::to_integer<std::size_t>(head[3]));
  std::uint64_t count = 1;
  const DType dtype = options.dtype.value_or(type->dtype);
  const std::size_t largest = std::max(item_size(dtype), item_size(type->dtype));
  for (std::int64_t& dim : dims) {
    std::array<std::byte, 4> bytes = {};
    file.read(bytes);
    dim = static_cast<std::int64_t>(big_endian(bytes.data(), bytes.size()));
    if (__builtin_mul_overflow(count, static_cast<std::uint64_t>(dim), &count)) {
      file.fail("the product of its extents overflows");
    }
  }
  if (count > file.most_bytes() / type->size) {
    file.fail("it says that it has " + std::to_string(count) + " values, more than it can hold");
  }
  if (count > options.max_bytes / largest) {
    file.fail("its " + std::to_string(count) + " values would take more than the " +
              std::to_string(options.max_bytes) + " bytes of max_bytes");
  }
  return values(file, *type, Shape(dims), dtype);
}

}  // namespace gradus::data
