#include "report.h"

#include "../measure/high_water.h"

#include <cstdio>

namespace gradus::bench {

void report(double loss) { std::printf("loss\t%.6g\nmemory\t%.0f\n", loss, high_water()); }

}  // namespace gradus::bench
