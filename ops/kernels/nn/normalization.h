#pragma once

#include <cstdint>

namespace gradus::kernels {

// Note [Groups of values]
// Every normalisation over axes that lie suitably sees its x as [batch, positions, groups, width]: statistics
// are taken over positions and width, scale and offset belong to the channels [groups, width]. A layer's has
// one position and one group, a batch's one item and groups one wide. Variances are taken about the mean
// within blocks small enough to stay in the cache, and the blocks are merged in float64 in their order, so
// that memory is read once, no digits are lost, and bits do not depend on the number of threads. Source of
// the merging: Chan, Golub, LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
// Variances", 1979.
struct Groups {
  std::int64_t batch = 1, positions = 1, groups = 1, width = 1;

  std::int64_t channels() const { return groups * width; }
  std::int64_t count() const { return positions * width; }  // of values in one group of one item
  std::int64_t statistics() const { return batch * groups; }
};

// Mean and biased variance of each group, both [batch, groups]. Where x is not to be centered the mean is 0
// and the variance is that about 0. See Note [Groups of values].
template <class T>
void group_moments(const Groups& sizes, bool centered, const T* x, T* mean, T* variance);

// y = (x - mean) / sqrt(variance + epsilon) scale + offset, the last two [channels] or null.
template <class T>
struct Normalized {
  const T *x = nullptr, *mean = nullptr, *variance = nullptr, *scale = nullptr, *offset = nullptr;
  double epsilon = 0;
};
template <class T>
void normalize(const Groups& sizes, const Normalized<T>& of, T* y);

// The gradients of x, scale and offset from that of y, where the statistics are x's own; null where not
// wanted.
template <class T>
void normalize_back(const Groups& sizes, bool centered, const Normalized<T>& of, const T* g, T* dx,
                    T* d_scale, T* d_offset);

}  // namespace gradus::kernels
