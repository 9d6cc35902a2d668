#include <gradus/models/training/batches.h>

#include <algorithm>
#include <cstring>

namespace gradus {

Batches::Batches(Data data, std::int64_t batch_size)
    : data_(std::move(data)),
      rows_(data_.x[0].dim(0)),
      batch_size_(std::min(batch_size, rows_)),
      steps_((rows_ - 1) / batch_size_ + 1) {}

bool Batches::next(Data& batch) {
  if (next_ == steps_) return false;
  const std::int64_t begin = next_++ * batch_size_;
  const std::int64_t count = std::min(batch_size_, rows_ - begin);
  gather(data_.x, begin, count, batch.x);
  gather(data_.y, begin, count, batch.y);
  gather(data_.sample_weight, begin, count, batch.sample_weight);
  return true;
}

void Batches::gather(const Tensors& sources, std::int64_t begin, std::int64_t count, Tensors& batch) const {
  if (batch.size() != sources.size()) batch = sources;
  for (std::size_t i = 0; i < sources.size(); ++i) batch[i] = gather(sources[i], begin, count);
}

namespace {

// Rows of a few bytes are most of a small model's batches: a fixed size compiles to plain moves.
template <std::size_t kBytes>
void copy_rows(std::byte* out, const std::byte* in, const std::int64_t* order, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    std::memcpy(out + static_cast<std::size_t>(i) * kBytes, in + static_cast<std::size_t>(order[i]) * kBytes,
                kBytes);
  }
}

}  // namespace

Tensor Batches::gather(const Tensor& source, std::int64_t begin, std::int64_t count) const {
  if (!source.defined()) return {};
  if (order_.empty() && count == rows_) return source;
  Dims dims = source.shape().dims();
  dims[0] = count;
  Tensor result = Tensor::empty(Shape(std::move(dims)), source.dtype());
  const std::size_t row = source.bytes() / static_cast<std::size_t>(rows_);
  std::byte* out = result.buffer()->data();
  const std::byte* in = source.buffer()->data();
  if (order_.empty()) {
    std::memcpy(out, in + static_cast<std::size_t>(begin) * row, result.bytes());
    return result;
  }
  const std::int64_t* order = order_.data() + begin;
  switch (row) {
    case 4: copy_rows<4>(out, in, order, count); break;
    case 8: copy_rows<8>(out, in, order, count); break;
    case 16: copy_rows<16>(out, in, order, count); break;
    default:
      for (std::int64_t i = 0; i < count; ++i) {
        std::memcpy(out + static_cast<std::size_t>(i) * row, in + static_cast<std::size_t>(order[i]) * row,
                    row);
      }
  }
  return result;
}

}  // namespace gradus
