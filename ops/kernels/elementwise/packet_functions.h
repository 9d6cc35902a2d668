#pragma once

#include <Eigen/Core>

#include <cmath>
#include <type_traits>

// Eigen's vector functions, mended where they leave IEEE's path: its exp and log stop at the smallest normal
// number, exp (and expm1) just below the largest, its AVX-512 sqrt gives NaN for infinity and 0 for
// subnormals. Always inlined: a copy made at a
// user's flags must not replace the library's.

namespace gradus::kernels {

template <class T>
struct PacketLimits;
template <>
struct PacketLimits<float> {
  static constexpr float kExpRange = 87.0F;
  static constexpr float kSmallest = 0x1p-126F, kLogScale = 0x1p24F, kLogShift = 16.635532333438686F,
                         kLog2Shift = 24.0F;
};
template <>
struct PacketLimits<double> {
  static constexpr double kExpRange = 708.0;
  static constexpr double kSmallest = 0x1p-1022, kLogScale = 0x1p54, kLogShift = 37.42994775023704667,
                          kLog2Shift = 54.0;
};

template <class T>
struct Exp {
  [[gnu::always_inline]] T operator()(const T& x) const { return std::exp(x); }
  // Far out e^x = (e^(x/2))^2.
  template <class Packet>
  [[gnu::always_inline]] Packet packetOp(const Packet& x) const {
    using namespace Eigen::internal;
    const Packet far = pcmp_lt(pset1<Packet>(PacketLimits<T>::kExpRange), pabs(x));
    const Packet y = pexp(pselect(far, pmul(x, pset1<Packet>(T(0.5))), x));
    return pselect(far, pmul(y, y), y);
  }
};

template <class T>
struct Log {
  [[gnu::always_inline]] T operator()(const T& x) const { return std::log(x); }
  // Below the normal range log x = log(x 2^k) - k log 2.
  template <class Packet>
  [[gnu::always_inline]] Packet packetOp(const Packet& x) const {
    using namespace Eigen::internal;
    using Limits = PacketLimits<T>;
    const Packet tiny = pcmp_lt(x, pset1<Packet>(Limits::kSmallest));
    const Packet y = plog(pselect(tiny, pmul(x, pset1<Packet>(Limits::kLogScale)), x));
    return psub(y, pand(tiny, pset1<Packet>(Limits::kLogShift)));
  }
};

template <class T>
struct Log2 {
  [[gnu::always_inline]] T operator()(const T& x) const { return std::log2(x); }
  template <class Packet>
  [[gnu::always_inline]] Packet packetOp(const Packet& x) const {
    using namespace Eigen::internal;
    using Limits = PacketLimits<T>;
    const Packet tiny = pcmp_lt(x, pset1<Packet>(Limits::kSmallest));
    const Packet y = plog2(pselect(tiny, pmul(x, pset1<Packet>(Limits::kLogScale)), x));
    return psub(y, pand(tiny, pset1<Packet>(Limits::kLog2Shift)));
  }
};

// e^x - 1 = (u - 1) x / log u with u = e^x as it was rounded. Source: Higham, "Accuracy and Stability of
// Numerical Algorithms", section 1.14.1, after Kahan.
template <class T>
struct Expm1 {
  [[gnu::always_inline]] T operator()(const T& x) const { return std::expm1(x); }
  template <class Packet>
  [[gnu::always_inline]] Packet packetOp(const Packet& x) const {
    using namespace Eigen::internal;
    const Packet one = pset1<Packet>(T(1));
    const Packet u = Exp<T>().packetOp(x);
    const Packet less = psub(u, one), log = Log<T>().packetOp(u);
    const Packet y = pmul(less, pdiv(x, log));
    // Where u is 1, 0 or inf (and log u, too) the quotient is none.
    return pselect(pcmp_eq(u, one), x,
                   pselect(por(pcmp_eq(less, pset1<Packet>(T(-1))), pcmp_eq(u, log)), less, y));
  }
};

template <class T>
struct Sqrt {
  [[gnu::always_inline]] T operator()(const T& x) const { return std::sqrt(x); }
  template <class Packet>
  [[gnu::always_inline]] Packet packetOp(const Packet& x) const {
    return exact_sqrt(x);
  }

 private:
  // The instruction where there is one.
  template <class Packet>
  [[gnu::always_inline]] static Packet exact_sqrt(const Packet& x) {
    return Eigen::internal::psqrt(x);
  }
#ifdef __AVX512F__
  [[gnu::always_inline]] static __m512 exact_sqrt(const __m512& x) { return _mm512_sqrt_ps(x); }
  [[gnu::always_inline]] static __m512d exact_sqrt(const __m512d& x) { return _mm512_sqrt_pd(x); }
#endif
#ifdef __AVX__
  [[gnu::always_inline]] static __m256 exact_sqrt(const __m256& x) { return _mm256_sqrt_ps(x); }
  [[gnu::always_inline]] static __m256d exact_sqrt(const __m256d& x) { return _mm256_sqrt_pd(x); }
#endif
#ifdef __SSE2__
  [[gnu::always_inline]] static __m128 exact_sqrt(const __m128& x) { return _mm_sqrt_ps(x); }
  [[gnu::always_inline]] static __m128d exact_sqrt(const __m128d& x) { return _mm_sqrt_pd(x); }
#endif
};

}  // namespace gradus::kernels

namespace Eigen::internal {

template <class T>
struct functor_traits<gradus::kernels::Exp<T>> : functor_traits<scalar_exp_op<T>> {};
template <class T>
struct functor_traits<gradus::kernels::Log<T>> : functor_traits<scalar_log_op<T>> {};
template <class T>
struct functor_traits<gradus::kernels::Expm1<T>> : functor_traits<scalar_expm1_op<T>> {};
template <class T>
struct functor_traits<gradus::kernels::Log2<T>> : functor_traits<scalar_log2_op<T>> {};
template <class T>
struct functor_traits<gradus::kernels::Sqrt<T>> : functor_traits<scalar_sqrt_op<T>> {};

}  // namespace Eigen::internal
