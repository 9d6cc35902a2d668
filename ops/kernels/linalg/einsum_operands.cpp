#include <gradus/ops/kernels/linalg/einsum_operands.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus::kernels {

Labels labels_of(const EinsumTerm& term, int broadcast_axes) {
  Labels labels(term.letters.begin(), term.letters.end());
  if (!term.has_ellipsis()) return labels;
  for (int i = 0; i < broadcast_axes; ++i) {
    labels.insert(labels.begin() + static_cast<std::ptrdiff_t>(term.ellipsis), kBroadcast + i);
  }
  return labels;
}

Dims extents_of(const Factor& x, const Labels& wanted) {
  Dims dims(wanted.size(), 0);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    dims[i] = x.value.shape().dim(std::ranges::find(x.labels, wanted[i]) - x.labels.begin());
  }
  return dims;
}

EinsumOperands::EinsumOperands(const Expansion& op, const EinsumSubscripts& subscripts) : op_(op) {
  for (std::size_t i = 0; i < op.size(); ++i) {
    const EinsumTerm& term = subscripts.operands[i];
    const int rank = op.shape(i).rank(), named = static_cast<int>(term.letters.size());
    if (rank < named || (rank != named && !term.has_ellipsis())) {
      throw op.shape_error("'" + term.text() + "' does not name the axes of " + op.call().operand_name(i));
    }
    broadcast_axes_ = std::max(broadcast_axes_, rank - named);
    labels_.push_back(labels_of(term, rank - named));
  }
  for (std::size_t i = 0; i < op.size(); ++i) measure(op.shape(i), labels_[i]);
}

Factor EinsumOperands::factor(std::size_t i) const {
  Factor x = {op_[i], {}};
  Dims dims(labels_[i].size(), 0);
  std::size_t kept = 0;
  for (std::size_t axis = 0; axis < labels_[i].size(); ++axis) {
    const std::int64_t extent = op_.shape(i)[axis];
    if (extent != extents_.at(labels_[i][axis])) continue;
    dims[kept++] = extent;
    x.labels.push_back(labels_[i][axis]);
  }
  if (kept != labels_[i].size()) x.value = reshape(x.value, Dims(std::span(dims.begin(), kept)));
  for (std::size_t first = 0; first < x.labels.size();) {
    const int label = x.labels[first];
    const auto again =
        std::find(x.labels.begin() + static_cast<std::ptrdiff_t>(first) + 1, x.labels.end(), label);
    if (again == x.labels.end()) {
      ++first;
      continue;
    }
    x.value =
        diagonal(x.value, {.axis1 = static_cast<std::int64_t>(first), .axis2 = again - x.labels.begin()});
    x.labels.erase(again);
    x.labels.erase(x.labels.begin() + static_cast<std::ptrdiff_t>(first));
    x.labels.push_back(label);
  }
  return x;
}

void EinsumOperands::measure(const Shape& shape, const Labels& labels) {
  for (std::size_t axis = 0; axis < labels.size(); ++axis) {
    const auto [place, first] = extents_.try_emplace(labels[axis], shape[axis]);
    if (first || place->second == shape[axis]) continue;
    if (labels[axis] < kBroadcast) {
      throw op_.shape_error("'" + std::string(1, static_cast<char>(labels[axis])) + "' has the extents " +
                            std::to_string(place->second) + " and " + std::to_string(shape[axis]));
    }
    if (place->second == 1) {
      place->second = shape[axis];
    } else if (shape[axis] != 1) {
      throw op_.shape_error("the axes of '...' do not broadcast");
    }
  }
}

}  // namespace gradus::kernels
