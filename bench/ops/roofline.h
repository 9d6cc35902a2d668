#pragma once

#include <map>

namespace gradus::bench {

// What one core of this machine can do at most, measured: an op's rate is bounded by the arithmetic or by the
// memory its working set lies in (Williams, Waterman and Patterson, "Roofline", 2009).
class Roofline {
 public:
  Roofline();

  double flops() const { return flops_; }  // float32 multiply-adds count as two, a second
  // Bytes a second, read and written half and half, of a working set of so many bytes.
  double bandwidth(double bytes);
  // The least seconds in which so much can be done.
  double seconds(double flops, double bytes);

 private:
  double flops_;
  std::map<int, double> bandwidth_;  // by the logarithm of the working set's size
};

}  // namespace gradus::bench
