#pragma once

#include <gradus/models/data/dataset.h>
#include <gradus/models/data/train_test_split.h>

namespace gradus {

// Keras's arguments and defaults.
struct SplitDatasetOptions {
  data::PartSize left_size = {};   // `0.8` is a fraction of the elements, `100` a number of them
  data::PartSize right_size = {};  // what the other leaves unless given
  bool shuffle = false;            // the elements, before they are split
  std::optional<std::uint64_t> seed = {};
};

struct DatasetSplit {
  data::Dataset left, right;
};

// The elements of a dataset in two parts, as keras.utils.split_dataset:
//   auto [train, validation] = split_dataset(dataset, {.left_size = 0.8});
// The elements are made once and kept in memory. A fraction is rounded to the nearest number of elements.
// ValueError when no size is given, for sizes that are negative, a fraction outside (0, 1), or sizes that
// take more than there is or leave nothing for a part, and for a dataset without an end.
DatasetSplit split_dataset(const data::Dataset& dataset, const SplitDatasetOptions& options);

namespace data {
using gradus::split_dataset;
using gradus::SplitDatasetOptions;
}  // namespace data

}  // namespace gradus
