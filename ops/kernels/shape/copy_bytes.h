#pragma once

#include <gradus/ops/kernels/elementwise/vector.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace gradus::kernels {

// memcpy, but by vectors where the target lies less than a cache line ahead of the source within their pages,
// as a part of a row often does: the processor's string instruction, which the C library uses for more than
// a few kilobytes, then takes 10 times as long on AMD's Zen 3. REQUIRES that the two do not overlap.
inline void copy_bytes(const void* from, void* to, std::size_t bytes) {
  constexpr std::uintptr_t kPage = 4096, kLine = 64;
  using Block = Vector<bool>;  // a byte a lane
  constexpr std::size_t kLanes = Block::kWidth, kStep = 4 * kLanes;
  const auto ahead = (reinterpret_cast<std::uintptr_t>(to) - reinterpret_cast<std::uintptr_t>(from)) % kPage;
  const auto* source = static_cast<const bool*>(from);
  auto* target = static_cast<bool*>(to);
  std::size_t done = 0;
  if (ahead != 0 && ahead < kLine) {
    for (; done + kStep <= bytes; done += kStep) {
      const bool* in = source + done;
      const Block a = Block::load(in), b = Block::load(in + kLanes);
      const Block c = Block::load(in + 2 * kLanes), d = Block::load(in + 3 * kLanes);
      bool* out = target + done;
      a.store(out);
      b.store(out + kLanes);
      c.store(out + 2 * kLanes);
      d.store(out + 3 * kLanes);
    }
  }
  std::memcpy(target + done, source + done, bytes - done);
}

}  // namespace gradus::kernels
