#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace gradus::saving {

// CRC-32 as zip, gzip and PNG use it. Longer data go in parts: `crc32(second, crc32(first))`.
std::uint32_t crc32(std::span<const std::byte> data, std::uint32_t previous = 0);

}  // namespace gradus::saving
