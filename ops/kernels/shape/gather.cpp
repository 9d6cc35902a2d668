#include <gradus/graph/operand.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/kernels/shape/gather.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace gradus::kernels {

namespace {

// Places of one value each, which are moved as numbers of their size.
template <class Bits>
void gather_values(const std::byte* x, const AxisSplit& split, std::span<const std::int64_t> indices,
                   std::byte* out) {
  constexpr std::int64_t kPiece = std::int64_t{1} << 16;
  const auto count = static_cast<std::int64_t>(indices.size());
  const std::int64_t extent = split.extent;
  const std::int64_t* index = indices.data();
  const Bits* from = reinterpret_cast<const Bits*>(x);
  Bits* to = reinterpret_cast<Bits*>(out);
  parallel_for(split.outer, std::max<std::int64_t>(1, kPiece / count),
               [=](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t o = begin; o < end; ++o) {
                   const Bits* line = from + o * extent;
                   Bits* result = to + o * count;
                   for (std::int64_t i = 0; i < count; ++i)
                     result[i] = line[index[i] < 0 ? index[i] + extent : index[i]];
                 }
               });
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
  if (bytes == 0 || indices.size() == 0) return;
  const std::span<const std::int64_t> places = indices.values<std::int64_t>();
  if (bytes == 4) return gather_values<std::uint32_t>(from, split, places, to);
  if (bytes == 8) return gather_values<std::uint64_t>(from, split, places, to);
  for (std::int64_t outer = 0; outer < split.outer; ++outer) {
    for (const std::int64_t index : places) {
      const std::int64_t place = index < 0 ? index + split.extent : index;
      std::memcpy(to, from + static_cast<std::size_t>(place) * bytes, bytes);
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
