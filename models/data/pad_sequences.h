#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus {

// Keras's arguments and defaults.
struct PadSequencesOptions {
  std::optional<std::int64_t> maxlen = {};  // the longest sequence's length unless given
  DType dtype = DType::int32;
  std::string padding = "pre";     // where values are added: "pre" or "post"
  std::string truncating = "pre";  // where values are dropped: "pre" or "post"
  double value = 0;                // what is added
};

// Sequences [length, …] brought to one length: [sequences, maxlen, …], as keras.utils.pad_sequences. Values
// are converted as Tensor::cast says. ShapeError for a scalar or steps of different shapes, ValueError for a
// negative maxlen, a padding or truncating other than "pre" and "post", or a value that the dtype does not
// have.
Tensor pad_sequences(const std::vector<Tensor>& sequences, const PadSequencesOptions& options = {});

// The same for sequences of numbers.
template <class T>
requires std::is_arithmetic_v<T> Tensor pad_sequences(const std::vector<std::vector<T>>& sequences,
                                                      const PadSequencesOptions& options = {}) {
  std::vector<Tensor> tensors;
  tensors.reserve(sequences.size());
  for (const std::vector<T>& sequence : sequences) tensors.emplace_back(sequence);
  return pad_sequences(tensors, options);
}

namespace data {
using gradus::pad_sequences;
using gradus::PadSequencesOptions;
}  // namespace data

}  // namespace gradus
