#include <gradus/optim/in_place.h>
#include <gradus/optim/sweep.h>

#include <utility>

namespace gradus {

namespace {

template <class T, class Other, class F>  // Other: T, or const T
void each_pair(std::size_t elements, T* a, Other* b, F f) {
  sweep(elements, [=](std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i) f(a[i], b[i]);
  });
}

}  // namespace

void decay(Tensor& w, double by) {
  dispatch_floating(w.dtype(), [&]<class T>() {
    const auto values = w.mutable_values<T>();
    T* value = values.data();
    sweep(values.size(), [value, part = static_cast<T>(by)](std::size_t first, std::size_t count) {
      for (std::size_t i = first; i < first + count; ++i) value[i] -= value[i] * part;
    });
  });
}

void gather(Tensor& sum, const Tensor& x) {
  dispatch_floating(sum.dtype(), [&]<class T>() {
    const auto values = sum.mutable_values<T>();
    each_pair(values.size(), values.data(), x.raw<T>(), [](T& total, T more) { total += more; });
  });
}

void average(Tensor& mean, const Tensor& x, double momentum) {
  dispatch_floating(mean.dtype(), [&]<class T>() {
    const auto values = mean.mutable_values<T>();
    each_pair(values.size(), values.data(), x.raw<T>(),
              [old = static_cast<T>(momentum), rest = static_cast<T>(1 - momentum)](T& to, T from) {
                to = old * to + rest * from;
              });
  });
}

void exchange(Tensor& a, Tensor& b) {
  dispatch_floating(a.dtype(), [&]<class T>() {
    const auto first = a.mutable_values<T>(), second = b.mutable_values<T>();
    each_pair(first.size(), first.data(), second.data(), [](T& one, T& other) { std::swap(one, other); });
  });
}

Tensor mean_with(const Tensor& sum, const Tensor& x, double divisor) {
  Tensor result = x.clone();
  dispatch_floating(x.dtype(), [&]<class T>() {
    each_pair(static_cast<std::size_t>(x.size()), result.raw<T>(), sum.raw<T>(),
              [by = static_cast<T>(divisor)](T& to, T total) { to = (to + total) / by; });
  });
  return result;
}

}  // namespace gradus
