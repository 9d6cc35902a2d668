#include <gradus/graph/parallel.h>
#include <gradus/ops/kernels/shape/copy_bytes.h>
#include <gradus/ops/kernels/shape/strided_copy.h>
#include <gradus/ops/kernels/shape/transpose_tiles.h>

#include <algorithm>

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
  constexpr std::int64_t kShort = 16;  // as many values are moved before memcpy has begun
  if (target != 1) {
    for (std::int64_t i = 0; i < n; ++i) to[i * target] = from[i * source];
  } else if (source == 1 && n >= kShort) {
    copy_bytes(from, to, static_cast<std::size_t>(n) * sizeof(T));
  } else if (source == 0) {
    std::fill_n(to, n, *from);
  } else if (source == 1) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[i];
  } else if (source == -1) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[-i];
  } else if (source == 2) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[2 * i];
  } else {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[i * source];
  }
}

// Calls body(position in the source, position in the target) for the steps [begin, end) of a walk over some
// axes.
template <class Body>
void each_step(const Walk& walk, std::int64_t begin, std::int64_t end, const Body& body) {
  const std::size_t rank = walk.extents.size();
  Dims index(rank, 0);
  std::int64_t from = 0, to = 0, rest = begin;
  for (std::size_t axis = rank; axis-- > 0; rest /= walk.extents[axis]) {
    index[axis] = rest % walk.extents[axis];
    from += index[axis] * walk.source[axis];
    to += index[axis] * walk.target[axis];
  }
  for (std::int64_t step = begin; step < end; ++step) {
    body(from, to);
    for (std::size_t axis = rank; axis-- > 0;) {
      from += walk.source[axis];
      to += walk.target[axis];
      if (++index[axis] < walk.extents[axis]) break;
      from -= walk.source[axis] * walk.extents[axis];
      to -= walk.target[axis] * walk.extents[axis];
      index[axis] = 0;
    }
  }
}

// The walk over all axes but two, which may be the same.
Walk without(const Walk& walk, std::size_t one, std::size_t other) {
  const auto rest = [&](const Dims& dims) {
    Dims result(dims.size() - (one == other ? 1 : 2), 0);
    std::size_t kept = 0;
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
      if (axis != one && axis != other) result[kept++] = dims[axis];
    }
    return result;
  };
  return {rest(walk.extents), rest(walk.source), rest(walk.target)};
}
std::int64_t steps(const Walk& walk) {
  std::int64_t count = 1;
  for (const std::int64_t extent : walk.extents) count *= extent;
  return count;
}

// Elements that are worth a thread.
constexpr std::int64_t kCopyPiece = std::int64_t{1} << 17;

template <class T>
void copy(const Walk& walk, const T* from, T* to) {
  const std::size_t rank = walk.extents.size();
  if (rank == 0) {
    *to = *from;
    return;
  }
  const std::size_t last = rank - 1;
  const std::int64_t n = walk.extents[last], source = walk.source[last], target = walk.target[last];
  const auto near = static_cast<std::size_t>(std::ranges::find(walk.source, 1) - walk.source.begin());
  if (near < last && target == 1 && source != 0) {  // a transpose: the source runs along another axis
    const Walk outer = without(walk, near, last);
    const std::int64_t across = walk.extents[near], strip = 64, strips = (across - 1) / strip + 1;
    const std::int64_t size = n * std::min(across, strip);
    parallel_for(strips * steps(outer), std::max<std::int64_t>(1, kCopyPiece / size),
                 [&](std::int64_t begin, std::int64_t end) {
                   std::int64_t k = begin;
                   each_step(outer, begin / strips, (end - 1) / strips + 1,
                             [&](std::int64_t s, std::int64_t t) {
                               const std::int64_t stop = std::min(end, k - k % strips + strips);
                               const std::int64_t first = k % strips * strip;
                               const std::int64_t width = std::min(across - first, (stop - k) * strip);
                               transpose_tiles(from + s + first, source, to + t + first * walk.target[near],
                                               walk.target[near], n, width);
                               k = stop;
                             });
                 });
    return;
  }
  if (rank == 1) {
    return parallel_for(n, kCopyPiece, [&](std::int64_t begin, std::int64_t end) {
      copy_run(from + begin * source, source, to + begin * target, target, end - begin);
    });
  }
  const std::size_t next = last - 1;
  const std::int64_t runs = walk.extents[next];
  const Walk outer = without(walk, next, last);
  const std::int64_t count = steps(outer);
  if (count == 1) {
    return parallel_for(
        runs, std::max<std::int64_t>(1, kCopyPiece / n), [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) {
            copy_run(from + i * walk.source[next], source, to + i * walk.target[next], target, n);
          }
        });
  }
  parallel_for(
      count, std::max<std::int64_t>(1, kCopyPiece / (n * runs)), [&](std::int64_t begin, std::int64_t end) {
        each_step(outer, begin, end, [&](std::int64_t s, std::int64_t t) {
          for (std::int64_t i = 0; i < runs; ++i) {
            copy_run(from + s + i * walk.source[next], source, to + t + i * walk.target[next], target, n);
          }
        });
      });
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
