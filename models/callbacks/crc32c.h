#pragma once

#include <cstdint>
#include <string_view>

namespace gradus {

// CRC-32 with Castagnoli's polynomial, as iSCSI (RFC 3720, B.4) and TensorFlow's record files use it.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace gradus
