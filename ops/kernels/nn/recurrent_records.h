#pragma once

#include <gradus/ops/kernels/nn/recurrent.h>
#include <gradus/ops/records.h>

namespace gradus::record {

// One call of a recurrent net, from a sample.
struct RecurrentSample {
  const Variable &x, &kernel, &recurrent;
  const Variable *bias = nullptr, *hidden = nullptr, *cell = nullptr;
  bool return_sequences = false, go_backwards = false;

  template <class Options>
  Options options() const {
    Options result;
    result.return_sequences = return_sequences;
    result.go_backwards = go_backwards;
    if (hidden != nullptr) result.initial_hidden = *hidden;
    if constexpr (requires { result.initial_cell; }) {
      if (cell != nullptr) result.initial_cell = *cell;
    }
    return result;
  }
};
using RecurrentFunction = std::function<LstmResult(const RecurrentSample&)>;

// The record of a recurrent net: every combination of what may be given and asked for.
OpInfo recurrent(OpInfo about, const kernels::CellKind& kind, const RecurrentFunction& function);

}  // namespace gradus::record
