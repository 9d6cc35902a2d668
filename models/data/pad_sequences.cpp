#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/data/pad_sequences.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace gradus {

namespace {

constexpr std::array<std::string_view, 2> kSides = {"pre", "post"};

bool at_front(const char* what, const std::string& side) { return find_name(what, side, kSides) == 0; }

// The shape of one step. An empty sequence of rank 1 says nothing about it, since `{}` is one in any rank.
Shape step_shape(const std::vector<Tensor>& sequences) {
  std::optional<Shape> step;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const Tensor& sequence = sequences[i];
    sequence.require_defined();
    if (sequence.rank() == 0) {
      throw ShapeError("pad_sequences: sequence " + std::to_string(i) + " is a scalar; it needs steps");
    }
    if (sequence.rank() == 1 && sequence.size() == 0) continue;
    const Shape own(std::span(sequence.shape().begin() + 1, sequence.shape().end()));
    if (!step) step = own;
    if (own != *step) {
      throw ShapeError("pad_sequences: sequence " + std::to_string(i) + " has steps of shape " +
                       to_string(own) + ", those before it " + to_string(*step));
    }
  }
  return step.value_or(Shape());
}

}  // namespace

Tensor pad_sequences(const std::vector<Tensor>& sequences, const PadSequencesOptions& options) {
  const bool pad_front = at_front("padding", options.padding);
  const bool cut_front = at_front("truncating", options.truncating);
  const Shape step = step_shape(sequences);
  std::int64_t length = 0;
  for (const Tensor& sequence : sequences) length = std::max(length, sequence.dim(0));
  if (options.maxlen) length = *options.maxlen;
  if (length < 0) {
    throw ValueError("pad_sequences: maxlen must not be negative, got " + std::to_string(length));
  }
  std::vector<std::int64_t> dims = {static_cast<std::int64_t>(sequences.size()), length};
  dims.insert(dims.end(), step.begin(), step.end());
  Tensor result = Tensor::full(Shape(dims), options.value, options.dtype);

  const std::size_t step_bytes = static_cast<std::size_t>(step.elements()) * item_size(options.dtype);
  const auto bytes = [&](std::int64_t steps) { return static_cast<std::size_t>(steps) * step_bytes; };
  std::byte* out = result.buffer()->data();
  for (const Tensor& sequence : sequences) {
    const Tensor values = sequence.cast(options.dtype);
    const std::int64_t kept = std::min(length, values.dim(0));
    const std::int64_t from = cut_front ? values.dim(0) - kept : 0, to = pad_front ? length - kept : 0;
    if (kept > 0 && step_bytes > 0) {
      std::memcpy(out + bytes(to), values.buffer()->data() + bytes(from), bytes(kept));
    }
    out += bytes(length);
  }
  return result;
}

}  // namespace gradus
