#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gradus::saving::zip {

// Signatures and sizes of zip's records, without their names and extra fields.
constexpr std::uint32_t kLocalSignature = 0x04034B50;
constexpr std::uint32_t kCentralSignature = 0x02014B50;
constexpr std::uint32_t kEndSignature = 0x06054B50;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kCentralSize = 46;
constexpr std::size_t kEndSize = 22;

constexpr std::uint16_t kVersion = 20;
constexpr std::uint16_t kZip64Version = 45;
constexpr std::uint16_t kUtf8Flag = 0x0800;
constexpr std::uint16_t kZip64Field = 1;
constexpr std::uint32_t kMax32 = 0xFFFFFFFF;  // stands for "see the zip64 field", so no size may have it
constexpr std::uint16_t kMax16 = 0xFFFF;

// Takes little endian numbers off the front. REQUIRES that they are there.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : bytes_(bytes) {}
  std::uint16_t u16() { return static_cast<std::uint16_t>(take(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(take(4)); }
  std::uint64_t u64() { return take(8); }

 private:
  std::uint64_t take(std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes_[i]);
    bytes_.remove_prefix(count);
    return value;
  }
  std::string_view bytes_;
};

inline void put(std::string& out, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out += static_cast<char>(value >> 8 * i & 0xFFU);
}
inline void put16(std::string& out, std::uint64_t value) { put(out, value, 2); }
inline void put32(std::string& out, std::uint64_t value) { put(out, value, 4); }

}  // namespace gradus::saving::zip
