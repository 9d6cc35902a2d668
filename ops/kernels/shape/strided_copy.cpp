#include <gradus/ops/kernels/shape/strided_copy.h>

#include <algorithm>
#include <cstring>

namespace gradus::kernels {

namespace {

// Bits of one element: values are moved, not looked at.
template <std::size_t size>
struct Bits;
template <>
struct Bits<1> {
  using Type = std::uint8_t;
};
template <>
struct Bits<4> {
  using Type = std::uint32_t;
};
template <>
struct Bits<8> {
  using Type = std::uint64_t;
};

// Extents and strides with axes of extent 1 dropped and neighbours merged that both sides step through as
// one.
struct Walk {
  Dims extents, source, target;
};
Walk merged(const Shape& shape, const Dims& source, const Dims& target) {
  const auto rank = static_cast<std::size_t>(shape.rank());
  Walk walk = {Dims(rank, 1), Dims(rank, 0), Dims(rank, 0)};
  std::size_t kept = rank;  // filled from the back
  for (std::size_t axis = rank; axis-- > 0;) {
    if (shape[axis] == 1) continue;
    if (kept < rank && source[axis] == walk.source[kept] * walk.extents[kept] &&
        target[axis] == walk.target[kept] * walk.extents[kept]) {
      walk.extents[kept] *= shape[axis];
      continue;
    }
    --kept;
    walk.extents[kept] = shape[axis];
    walk.source[kept] = source[axis];
    walk.target[kept] = target[axis];
  }
  const auto tail = [&](const Dims& dims) { return Dims(std::span(dims.begin() + kept, dims.end())); };
  return {tail(walk.extents), tail(walk.source), tail(walk.target)};
}

template <class T>
void copy_run(const T* from, std::int64_t source, T* to, std::int64_t target, std::int64_t n) {
  if (source == 1 && target == 1) {
    std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(T));
  } else if (source == 0 && target == 1) {
    std::fill_n(to, n, *from);
  } else {
    for (std::int64_t i = 0; i < n; ++i) to[i * target] = from[i * source];
  }
}

// The two innermost axes in square tiles, so that neither side of a transpose strides through memory alone.
template <class T>
void copy_tiles(const T* from, const std::int64_t* source, T* to, const std::int64_t* target,
                const std::int64_t* extents) {
  constexpr std::int64_t kTile = 16;
  for (std::int64_t row = 0; row < extents[0]; row += kTile) {
    const std::int64_t rows = std::min(kTile, extents[0] - row);
    for (std::int64_t column = 0; column < extents[1]; column += kTile) {
      const std::int64_t columns = std::min(kTile, extents[1] - column);
      for (std::int64_t i = row; i < row + rows; ++i) {
        copy_run(from + i * source[0] + column * source[1], source[1],
                 to + i * target[0] + column * target[1], target[1], columns);
      }
    }
  }
}

template <class T>
void copy(const Walk& walk, const T* from, T* to) {
  const std::size_t rank = walk.extents.size();
  if (rank == 0) {
    *to = *from;
    return;
  }
  const bool tiled = rank >= 2 && (walk.source[rank - 1] > 1 || walk.target[rank - 1] > 1);
  const std::size_t outer = tiled ? rank - 2 : rank - 1;
  Dims index(outer, 0);
  while (true) {
    if (tiled) {
      copy_tiles(from, walk.source.data() + outer, to, walk.target.data() + outer,
                 walk.extents.data() + outer);
    } else {
      copy_run(from, walk.source[outer], to, walk.target[outer], walk.extents[outer]);
    }
    std::size_t axis = outer;
    while (axis-- > 0) {
      from += walk.source[axis];
      to += walk.target[axis];
      if (++index[axis] < walk.extents[axis]) break;
      from -= walk.source[axis] * walk.extents[axis];
      to -= walk.target[axis] * walk.extents[axis];
      index[axis] = 0;
    }
    if (axis == SIZE_MAX) return;
  }
}

}  // namespace

Dims contiguous_strides(const Shape& shape) {
  Dims strides(shape.dims().size(), 1);
  if (shape.elements() == 0) return strides;  // of no use there, and their products may overflow
  std::int64_t step = 1;
  for (std::size_t axis = strides.size(); axis-- > 0;) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

void strided_copy(const Shape& shape, const Tensor& from, const Layout& source, Tensor& to,
                  const Layout& target) {
  if (shape.elements() == 0) return;
  const Walk walk = merged(shape, source.strides, target.strides);
  const auto run = [&]<class T>() {
    copy(walk, reinterpret_cast<const T*>(from.buffer()->data()) + source.offset,
         reinterpret_cast<T*>(to.buffer()->data()) + target.offset);
  };
  switch (item_size(from.dtype())) {
    case 1: return run.template operator()<Bits<1>::Type>();
    case 4: return run.template operator()<Bits<4>::Type>();
    default: return run.template operator()<Bits<8>::Type>();
  }
}

}  // namespace gradus::kernels
