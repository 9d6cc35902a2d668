#include <gradus/graph/flush_subnormals.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace gradus {

namespace {

#if defined(__SSE2__)
constexpr unsigned kFlush = 0x8000 | 0x0040;  // results to zero, operands to zero
unsigned control() { return _mm_getcsr(); }
void set_control(unsigned value) { _mm_setcsr(value); }
#else
constexpr unsigned kFlush = 0;
unsigned control() { return 0; }
void set_control(unsigned /*value*/) {}
#endif

}  // namespace

unsigned FlushSubnormals::mode() { return control() & kFlush; }

FlushSubnormals::Mode::Mode(unsigned mode) : before_(FlushSubnormals::mode()) {
  if (mode != before_) set_control((control() & ~kFlush) | mode);
}
FlushSubnormals::Mode::~Mode() {
  if (before_ != FlushSubnormals::mode()) set_control((control() & ~kFlush) | before_);
}

FlushSubnormals::FlushSubnormals() : mode_(kFlush) {}
FlushSubnormals::~FlushSubnormals() = default;

}  // namespace gradus
