#include <gradus/graph/error.h>
#include <gradus/graph/processor.h>

#include "processor_features.h"

#include <atomic>
#include <string>

namespace gradus {

namespace {

std::string missing_features() {
  std::string missing;
#if defined(__x86_64__) || defined(__i386__)
  const unsigned required = required_processor_features();
  const auto check = [&](unsigned feature, bool present, const char* name) {
    if ((required & feature) != 0 && !present) missing += (missing.empty() ? "" : ", ") + std::string(name);
  };
  __builtin_cpu_init();
  check(kFeatureAvx, __builtin_cpu_supports("avx") != 0, "AVX");
  check(kFeatureAvx2, __builtin_cpu_supports("avx2") != 0, "AVX2");
  check(kFeatureFma, __builtin_cpu_supports("fma") != 0, "FMA");
  check(kFeatureAvx512f, __builtin_cpu_supports("avx512f") != 0, "AVX512F");
  check(kFeatureAvx512bw, __builtin_cpu_supports("avx512bw") != 0, "AVX512BW");
  check(kFeatureAvx512vl, __builtin_cpu_supports("avx512vl") != 0, "AVX512VL");
  check(kFeatureAvx512dq, __builtin_cpu_supports("avx512dq") != 0, "AVX512DQ");
#endif
  return missing;
}

}  // namespace

void require_processor() {
  static std::atomic<bool> checked = false;
  if (checked.load(std::memory_order_relaxed)) return;
  if (const std::string missing = missing_features(); !missing.empty()) {
    throw StateError("gradus was built for a processor with " + missing +
                     ", which this one lacks: build it here, or with -DGRADUS_NATIVE=OFF");
  }
  checked.store(true, std::memory_order_relaxed);
}

}  // namespace gradus
