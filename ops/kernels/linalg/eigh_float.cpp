#include <gradus/ops/kernels/linalg/eigh_solver.h>

namespace gradus::kernels {

template bool eigh(const float*, std::int64_t, float*, float*);

}  // namespace gradus::kernels
