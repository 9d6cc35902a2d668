#pragma once

#include <fstream>
#include <string>

namespace gradus::bench {

// The most memory this process has had, in bytes, as Linux tells it; 0 elsewhere.
inline double high_water() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    double kibibytes = 0;
    status >> kibibytes;
    return kibibytes * 1024;
  }
  return 0;
}

}  // namespace gradus::bench
