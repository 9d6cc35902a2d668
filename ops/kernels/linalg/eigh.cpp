#include <gradus/ops/kernels/linalg/eigh_solver.h>

namespace gradus::kernels {

template bool eigh(const double*, std::int64_t, double*, double*);

}  // namespace gradus::kernels
