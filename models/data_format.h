#pragma once

#include <cstdint>
#include <string_view>

namespace gradus {

// Where the channels of images stand: "channels_last", [batch, height, width, channels], or "channels_first",
// [batch, channels, height, width].
class DataFormat {
 public:
  enum Kind : std::uint8_t { channels_last, channels_first };
  constexpr DataFormat(Kind kind = channels_last) : kind_(kind) {}      // NOLINT: implicit on purpose
  DataFormat(std::string_view name);                                    // NOLINT: ValueError for another name
  DataFormat(const char* name) : DataFormat(std::string_view(name)) {}  // NOLINT
  constexpr operator Kind() const { return kind_; }                     // NOLINT
  std::string_view name() const { return kind_ == channels_last ? "channels_last" : "channels_first"; }

 private:
  Kind kind_;
};

}  // namespace gradus
