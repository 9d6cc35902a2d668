#include <gradus/models/training/mask_weight.h>

namespace gradus::training {

namespace {

// The shape of the values that a loss has for predictions of this shape.
Shape values_shape(const Shape& y_pred) { return Shape(std::span(y_pred.begin(), y_pred.end() - 1)); }

}  // namespace

Tensor weight_of_values(const Tensor& weight, const Shape& y_pred) {
  if (!weight.defined() || weight.rank() != 1 || y_pred.rank() < 3) return weight;
  const Shape values = values_shape(y_pred);
  Tensor result = Tensor::empty(values, weight.dtype());
  const std::int64_t each = weight.size() == 0 ? 0 : values.elements() / weight.size();
  dispatch_floating(weight.dtype(), [&]<class T>() {
    T* out = result.raw<T>();
    for (const T value : weight.values<T>()) {
      for (std::int64_t i = 0; i < each; ++i) *out++ = value;
    }
  });
  return result;
}

Tensor mask_weight(const Tensor& mask, const Shape& y_pred, DType dtype) {
  if (!mask.defined() || y_pred.rank() < 2 || mask.shape() != values_shape(y_pred)) return {};
  return mask.cast(dtype);
}

Tensor product(const Tensor& a, const Tensor& b) {
  return dispatch_floating(a.dtype(), [&]<class T>() {
    Tensor result = Tensor::empty(a.shape(), a.dtype());
    for (std::int64_t i = 0; i < a.size(); ++i) result.raw<T>()[i] = a.raw<T>()[i] * b.raw<T>()[i];
    return result;
  });
}

Tensor scaled_to_all(const Tensor& weight, const Tensor& mask_weight) {
  constexpr double kEpsilon = 1e-7;  // of keras.backend
  return dispatch_floating(weight.dtype(), [&]<class T>() {
    double valid = 0;
    for (const T value : mask_weight.values<T>()) valid += static_cast<double>(value);
    const auto scale = static_cast<T>(static_cast<double>(mask_weight.size()) / (valid + kEpsilon));
    Tensor result = Tensor::empty(weight.shape(), weight.dtype());
    for (std::int64_t i = 0; i < weight.size(); ++i) result.raw<T>()[i] = weight.raw<T>()[i] * scale;
    return result;
  });
}

}  // namespace gradus::training
