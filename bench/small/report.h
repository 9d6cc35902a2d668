#pragma once

#include "../measure/high_water.h"

#include <cstdio>

namespace gradus::bench {

// What a small program prints at its end.
inline void report(double loss) { std::printf("loss\t%.6g\nmemory\t%.0f\n", loss, high_water()); }

}  // namespace gradus::bench
