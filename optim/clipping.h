#pragma once

#include <gradus/graph/variable.h>

#include <vector>

namespace gradus {

// Gradient clipping for a training loop of one's own, between `backward` and `step`:
//
//   loss.backward();
//   clip_by_global_norm({w, b}, 1.0);
//   optimizer.step();
//
// The gradients of the parameters are replaced; a Tensor taken from `grad()` earlier keeps its values. A
// parameter without a gradient is passed over. All gradients that are to change are known before the first
// is replaced. Parameters that are no leaves, want no gradient or come twice throw as `Optimizer::build`
// does; a limit that is not above 0, or NaN, is a ValueError.
//
// The overloads for Tensors return new ones, or the same where nothing changes; DTypeError unless floating.

// Each element is cut to [low, high], or to [-limit, limit]. NaN stays NaN. ValueError unless low <= high.
void clip_by_value(const Variables& parameters, double low, double high);
void clip_by_value(const Variables& parameters, double limit);
std::vector<Tensor> clip_by_value(const std::vector<Tensor>& gradients, double low, double high);
std::vector<Tensor> clip_by_value(const std::vector<Tensor>& gradients, double limit);

// Each gradient whose Euclidean norm is above `max_norm` is scaled down to it; a zero norm changes nothing.
// A gradient with NaN or infinity in it becomes NaN throughout.
void clip_by_norm(const Variables& parameters, double max_norm);
std::vector<Tensor> clip_by_norm(const std::vector<Tensor>& gradients, double max_norm);

// The same with one norm over all gradients together and one factor for all. Returns the norm before.
double clip_by_global_norm(const Variables& parameters, double max_norm);
struct ClippedGradients {
  std::vector<Tensor> gradients = {};
  double norm = 0;  // before
};
ClippedGradients clip_by_global_norm(const std::vector<Tensor>& gradients, double max_norm);

// The Euclidean norm of all gradients together; 0 where there are none.
double global_norm(const Variables& parameters);
double global_norm(const std::vector<Tensor>& gradients);

}  // namespace gradus
