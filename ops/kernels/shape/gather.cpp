#include <gradus/graph/operand.h>
#include <gradus/ops/kernels/shape/gather.h>

#include <cstring>

namespace gradus::kernels {

namespace {

// memcpy of a size that is known where it is a common one.
void copy_place(std::byte* to, const std::byte* from, std::size_t bytes) {
  switch (bytes) {
    case 1: *to = *from; return;
    case 4: std::memcpy(to, from, 4); return;
    case 8: std::memcpy(to, from, 8); return;
    default: std::memcpy(to, from, bytes);
  }
}

}  // namespace

DType index_dtype(const Call& call, std::size_t i) {
  if (!is_integer(call.dtype(i))) throw call.dtype_error("the indices must be integers");
  return DType::int64;
}

Operand index_operand(const Operand& indices) {
  if (!indices.is_integer()) return indices;
  return Operand(Tensor(std::vector<std::int64_t>{indices.integer()}, Shape()), indices.where());
}

void check_indices(const Call& call, const Tensor& indices, std::int64_t extent) {
  for (const std::int64_t index : indices.values<std::int64_t>()) {
    if (index >= -extent && index < extent) continue;
    throw call.value_error("index " + std::to_string(index) +
                           (extent == 0 ? " of an empty axis"
                                        : " is out of range [" + std::to_string(-extent) + ", " +
                                              std::to_string(extent - 1) + "]"));
  }
}

void gather(const Tensor& x, const AxisSplit& split, const Tensor& indices, Tensor& out) {
  const auto bytes = static_cast<std::size_t>(split.inner) * item_size(x.dtype());
  const std::byte* from = x.buffer()->data();
  std::byte* to = out.buffer()->data();
  if (bytes == 0) return;
  for (std::int64_t outer = 0; outer < split.outer; ++outer) {
    for (const std::int64_t index : indices.values<std::int64_t>()) {
      const std::int64_t place = index < 0 ? index + split.extent : index;
      copy_place(to, from + static_cast<std::size_t>(place) * bytes, bytes);
      to += bytes;
    }
    from += static_cast<std::size_t>(split.extent) * bytes;
  }
}

void scatter_add(const Tensor& updates, const AxisSplit& split, const Tensor& indices, Tensor& out) {
  dispatch_numeric(out.dtype(), [&]<class T>() {
    // Integers wrap around, as they do in NumPy.
    using Sum = typename std::conditional_t<std::is_integral_v<T>, std::make_unsigned<T>,
                                            std::type_identity<T>>::type;
    const T* from = updates.raw<T>();
    T* to = out.raw<T>();
    for (std::int64_t outer = 0; outer < split.outer; ++outer) {
      for (const std::int64_t index : indices.values<std::int64_t>()) {
        T* place = to + (index < 0 ? index + split.extent : index) * split.inner;
        for (std::int64_t i = 0; i < split.inner; ++i) {
          place[i] = static_cast<T>(static_cast<Sum>(place[i]) + static_cast<Sum>(from[i]));
        }
        from += split.inner;
      }
      to += split.extent * split.inner;
    }
  });
}

}  // namespace gradus::kernels
