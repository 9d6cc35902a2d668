#include <gradus/graph/flush_subnormals.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace gradus {

#if defined(__SSE2__)

namespace {
constexpr unsigned kFlushToZero = 0x8000;
constexpr unsigned kDenormalsAreZero = 0x0040;
}  // namespace

FlushSubnormals::FlushSubnormals() : before_(_mm_getcsr()) {
  _mm_setcsr(before_ | kFlushToZero | kDenormalsAreZero);
}
FlushSubnormals::~FlushSubnormals() { _mm_setcsr(before_); }

#else

FlushSubnormals::FlushSubnormals() = default;
FlushSubnormals::~FlushSubnormals() = default;

#endif

}  // namespace gradus
