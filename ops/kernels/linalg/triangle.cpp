#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/linalg/triangle.h>

#include <algorithm>
#include <cstring>

namespace gradus::kernels {

OpAttributes TriangleOp::attributes() const {
  if (k_ == 0) return {};
  return {{"k", std::to_string(k_)}};
}

DType TriangleOp::operand_dtype(const Call& call, std::size_t i) const { return call.dtype(i); }

Shape TriangleOp::infer_shape(const Call& call) const {
  require_matrix(call);
  return call.shape(0);
}

void TriangleOp::forward(Forward& forward) const {
  constexpr std::int64_t kPiece = std::int64_t{1} << 17;
  Tensor& y = forward.output();
  if (y.size() == 0) return;
  const std::int64_t rows = y.dim(-2), columns = y.dim(-1);
  const std::int64_t first = std::clamp<std::int64_t>(k_, -rows, columns);  // no diagonal lies further out
  const std::size_t item = item_size(y.dtype());
  const std::byte* from = forward.value(0).buffer()->data();
  std::byte* to = y.buffer()->data();
  const auto bytes = [=](std::int64_t count) { return static_cast<std::size_t>(count) * item; };
  parallel_for(y.size() / columns, std::max<std::int64_t>(1, kPiece / columns),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t r = begin; r < end; ++r) {
                   const std::int64_t diagonal = r % rows + first;
                   const std::byte* x = from + bytes(r * columns);
                   std::byte* out = to + bytes(r * columns);
                   if (part_ == Triangle::lower) {
                     const std::int64_t cut = std::clamp<std::int64_t>(diagonal + 1, 0, columns);
                     std::memcpy(out, x, bytes(cut));
                     std::memset(out + bytes(cut), 0, bytes(columns - cut));
                   } else {
                     const std::int64_t cut = std::clamp<std::int64_t>(diagonal, 0, columns);
                     std::memset(out, 0, bytes(cut));
                     std::memcpy(out + bytes(cut), x + bytes(cut), bytes(columns - cut));
                   }
                 }
               });
}

void TriangleOp::vjp(Backward& b) const { b.give(0, apply(TriangleOp(part_, k_), {b.gradient()})); }

}  // namespace gradus::kernels
