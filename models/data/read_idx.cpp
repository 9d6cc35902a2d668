#include <gradus/graph/error.h>
#include <gradus/models/data/idx_file.h>

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

}  // namespace

IdxFile::IdxFile(const std::string& path, const IdxOptions& options) : file_(path), options_(options) {
  std::array<std::byte, 4> head = {};
  file_.read(head);
  if (big_endian(head.data(), 2) != 0) fail("it is not an IDX file: that begins with two zero bytes");
  code_ = std::to_integer<unsigned>(head[2]);
  const auto* const type =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& known) { return known.code == code_; });
  if (type == kTypes.end()) fail("its IDX type " + std::to_string(code_) + " is none of 8 9 11 12 13 14");
  own_ = type->dtype;
  dims_.resize(std::to_integer<std::size_t>(head[3]));
  for (std::int64_t& dim : dims_) {
    std::array<std::byte, 4> bytes = {};
    file_.read(bytes);
    dim = static_cast<std::int64_t>(big_endian(bytes.data(), bytes.size()));
    if (__builtin_mul_overflow(count_, static_cast<std::uint64_t>(dim), &count_)) {
      fail("the product of its extents overflows");
    }
  }
  if (count_ > file_.most_bytes() / type->size) {
    fail("it says that it has " + std::to_string(count_) + " values, more than it can hold");
  }
}

Tensor IdxFile::read(const Shape& shape) {
  // Whole numbers fit any number type as they are; the rest is converted by `cast`, which checks.
  const DType wanted = options_.dtype.value_or(own_);
  const bool exact = own_ == DType::int32 && wanted != DType::boolean;
  Tensor result = Tensor::empty(shape, exact ? wanted : own_);
  const auto fill = [&]<unsigned kCode, std::size_t kSize, class T>() {
    read_values<kCode, kSize>(file_, std::span(result.raw<T>(), static_cast<std::size_t>(result.size())));
  };
  if (code_ == 0x0D) {
    fill.operator()<0x0D, 4, float>();
  } else if (code_ == 0x0E) {
    fill.operator()<0x0E, 8, double>();
  } else {
    dispatch_numeric(result.dtype(), [&]<class T>() {
      switch (code_) {
        case 0x08: return fill.template operator()<0x08, 1, T>();
        case 0x09: return fill.template operator()<0x09, 1, T>();
        case 0x0B: return fill.template operator()<0x0B, 2, T>();
        default: return fill.template operator()<0x0C, 4, T>();
      }
    });
  }
  return result.cast(wanted);
}

Tensor IdxFile::read_all() {
  const std::size_t largest = std::max(item_size(options_.dtype.value_or(own_)), item_size(own_));
  if (count_ > options_.max_bytes / largest) {
    fail("its " + std::to_string(count_) + " values would take more than the " +
         std::to_string(options_.max_bytes) + " bytes of max_bytes");
  }
  Tensor values = read(shape());
  file_.expect_end();
  return values;
}

Tensor read_idx(const std::string& path, const IdxOptions& options) {
  return IdxFile(path, options).read_all();
}

}  // namespace gradus::data
