#pragma once

namespace gradus {

constexpr unsigned kFeatureAvx = 1, kFeatureAvx2 = 2, kFeatureFma = 4, kFeatureAvx512f = 8,
                   kFeatureAvx512bw = 16, kFeatureAvx512vl = 32, kFeatureAvx512dq = 64;

// The instruction sets the kernels were compiled for, as bits.
unsigned required_processor_features();

}  // namespace gradus
