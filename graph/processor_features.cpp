#include "processor_features.h"

namespace gradus {

// This file is compiled with the flags of the kernels, processor.cpp without them: what they may use is known
// only here, and must be checked by code that does not use it.
unsigned required_processor_features() {
  unsigned features = 0;
#ifdef __AVX__
  features |= kFeatureAvx;
#endif
#ifdef __AVX2__
  features |= kFeatureAvx2;
#endif
#ifdef __FMA__
  features |= kFeatureFma;
#endif
#ifdef __AVX512F__
  features |= kFeatureAvx512f;
#endif
#ifdef __AVX512BW__
  features |= kFeatureAvx512bw;
#endif
#ifdef __AVX512VL__
  features |= kFeatureAvx512vl;
#endif
#ifdef __AVX512DQ__
  features |= kFeatureAvx512dq;
#endif
  return features;
}

}  // namespace gradus
