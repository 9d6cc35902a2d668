#pragma once

#include <gradus/models/data/dataset.h>

namespace gradus {

// Keras's arguments and defaults.
struct TimeseriesOptions {
  Count sequence_stride = 1;              // from the start of one sequence to that of the next
  Count sampling_rate = 1;                // from one step of a sequence to the next
  std::optional<Count> batch_size = 128;  // single sequences when it is none
  bool shuffle = false;                   // the sequences, anew in each pass
  std::optional<std::uint64_t> seed = {};
  std::optional<Count> start_index = {};  // the rows from here on are used,
  std::optional<Count> end_index = {};    // and those before here
};

// Sequences of sequence_length steps from a series [n, …], as keras.utils.timeseries_dataset_from_array:
// batches of x [batch, sequence_length, …] and, where given, the target of the row each sequence starts at.
// targets [m, …] may be longer or shorter than the series: only rows that have one start a sequence. To
// predict the step after each sequence, hand in the targets from row sequence_length on.
//   auto dataset = timeseries_dataset_from_array(x, y, 24, {.batch_size = 32});
// ValueError for counts that are not positive, or start and end that are not within the series and in order.
data::Dataset timeseries_dataset_from_array(const Tensor& data, const Tensor& targets, Count sequence_length,
                                            const TimeseriesOptions& options = {});

namespace data {
using gradus::timeseries_dataset_from_array;
using gradus::TimeseriesOptions;
}  // namespace data

}  // namespace gradus
