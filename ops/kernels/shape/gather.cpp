#include <gradus/graph/operand.h>
#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/shape/copy_bytes.h>
#include <gradus/ops/kernels/shape/gather.h>

#include <algorithm>
#include <span>

namespace gradus::kernels {

namespace {

// The indices, counted from the start.
PoolVector<std::int64_t> places_of(std::span<const std::int64_t> indices, std::int64_t extent) {
  PoolVector<std::int64_t> places(indices.begin(), indices.end());
  for (std::int64_t& place : places) place += place < 0 ? extent : 0;
  return places;
}

// Places of one value each, which are moved as numbers of their size.
template <class Bits>
void gather_values(const std::byte* x, const AxisSplit& split, std::span<const std::int64_t> indices,
                   std::byte* out) {
  constexpr std::int64_t kPiece = std::int64_t{1} << 16;
  const auto count = static_cast<std::int64_t>(indices.size());
  const std::int64_t extent = split.extent;
  const PoolVector<std::int64_t> places = places_of(indices, extent);
  const std::int64_t* place = places.data();
  const Bits* from = reinterpret_cast<const Bits*>(x);
  Bits* to = reinterpret_cast<Bits*>(out);
  parallel_for(split.outer, std::max<std::int64_t>(1, kPiece / count),
               [=](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t o = begin; o < end; ++o) {
                   const Bits* line = from + o * extent;
                   Bits* result = to + o * count;
                   std::int64_t i = 0;
                   for (; i + 4 <= count; i += 4) {  // four loads under way before the first is stored
                     const Bits a = line[place[i]], b = line[place[i + 1]];
                     const Bits c = line[place[i + 2]], d = line[place[i + 3]];
                     result[i] = a;
                     result[i + 1] = b;
                     result[i + 2] = c;
                     result[i + 3] = d;
                   }
                   for (; i < count; ++i) result[i] = line[place[i]];
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
  const std::span<const std::int64_t> values = indices.values<std::int64_t>();
  bool outside = false;  // counted, as vectors can, before one is looked for
  for (const std::int64_t index : values) outside |= index < -extent || index >= extent;
  if (!outside) return;
  for (const std::int64_t index : values) {
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
      copy_bytes(from + static_cast<std::size_t>(place) * bytes, to, bytes);
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
    const auto add = [](T& sum, T value) {
      sum = static_cast<T>(static_cast<Sum>(sum) + static_cast<Sum>(value));
    };
    const std::int64_t inner = split.inner;
    const PoolVector<std::int64_t> places = places_of(indices.values<std::int64_t>(), split.extent);
    for (std::int64_t outer = 0; outer < split.outer; ++outer, to += split.extent * inner) {
      if (inner == 1) {
        for (const std::int64_t place : places) add(to[place], *from++);
        continue;
      }
      for (const std::int64_t place : places) {
        T* sums = to + place * inner;
        for (std::int64_t i = 0; i < inner; ++i) add(sums[i], from[i]);
        from += inner;
      }
    }
  });
}

}  // namespace gradus::kernels
