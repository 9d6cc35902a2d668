#pragma once

#include <Eigen/Core>

#include <cstdint>

// The same few operations on one value and on as many as the processor takes at a time, so that a loop over
// channels is written once: each_lane<T>(channels, [&]<class Lane>(std::int64_t c) { … }).

namespace gradus::kernels {

template <class T>
struct WholePacket {
  using type = typename Eigen::internal::packet_traits<T>::type;
};
template <class T>
struct HalfPacket {
  using type = typename Eigen::internal::packet_traits<T>::half;
};

template <class T, template <class> class Of = WholePacket>
struct Packets {
  using Packet = typename Of<T>::type;
  static constexpr std::int64_t kSize = Eigen::internal::unpacket_traits<Packet>::size;

  static Packet load(const T* from) { return Eigen::internal::ploadu<Packet>(from); }
  static void store(T* to, const Packet& x) { Eigen::internal::pstoreu(to, x); }
  static Packet all(T value) { return Eigen::internal::pset1<Packet>(value); }
  static Packet sum(const Packet& a, const Packet& b) { return Eigen::internal::padd(a, b); }
  static Packet product(const Packet& a, const Packet& b) { return Eigen::internal::pmul(a, b); }
  static Packet equal(const Packet& a, const Packet& b) { return Eigen::internal::pcmp_eq(a, b); }
  // Whether a is larger, or the only NaN.
  static Packet beats(const Packet& a, const Packet& b) {
    return Eigen::internal::pand(Eigen::internal::pcmp_lt_or_nan(b, a), Eigen::internal::pcmp_eq(b, b));
  }
  static Packet select(const Packet& condition, const Packet& a, const Packet& b) {
    return Eigen::internal::pselect(condition, a, b);
  }
};
// Half as many, where the processor has such registers, too; else the same.
template <class T>
using HalfPackets = Packets<T, HalfPacket>;

struct Single {
  template <class T>
  static T load(const T* from) {
    return *from;
  }
  template <class T>
  static void store(T* to, T x) {
    *to = x;
  }
  template <class T>
  static T all(T value) {
    return value;
  }
  template <class T>
  static T sum(T a, T b) {
    return a + b;
  }
  template <class T>
  static T product(T a, T b) {
    return a * b;
  }
  template <class T>
  static bool equal(T a, T b) {
    return a == b;
  }
  template <class T>
  static bool beats(T a, T b) {
    return !(a <= b) && b == b;
  }
  template <class T>
  static T select(bool condition, T a, T b) {
    return condition ? a : b;
  }
};

// Calls body<Lane>(c) for stretches of [0, count), as many values at a time as there are left for.
template <class T, class Body>
void each_lane(std::int64_t count, const Body& body) {
  std::int64_t c = 0;
  for (; c + Packets<T>::kSize <= count; c += Packets<T>::kSize) body.template operator()<Packets<T>>(c);
  if constexpr (HalfPackets<T>::kSize < Packets<T>::kSize) {
    constexpr std::int64_t kHalf = HalfPackets<T>::kSize;
    for (; c + kHalf <= count; c += kHalf) body.template operator()<HalfPackets<T>>(c);
  }
  for (; c < count; ++c) body.template operator()<Single>(c);
}

}  // namespace gradus::kernels
