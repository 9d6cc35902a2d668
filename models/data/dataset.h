#pragma once

#include <gradus/graph/tensor.h>
#include <gradus/models/count.h>
#include <gradus/models/data/csv_options.h>
#include <gradus/models/data/read_idx.h>

#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

namespace gradus {

struct Data;            // <gradus/models/training_options.h>
struct ValidationData;  // the same

namespace data {

struct BatchOptions {
  bool drop_remainder = false;  // whether a last batch with fewer elements is left out
};

// Samples that are made when they are asked for, as Keras's tf.data.Dataset. A Dataset is a cheap handle to a
// description that never changes; each step gives a new one:
//   const auto train = Dataset::from_csv("train.csv", {.target = "price", .target_type = "number"})
//                          .shuffle(1000, 7).batch(32).prefetch(2);
//   for (const Data& batch : train.begin_pass(0)) …
// An element is a Data: x, and y and sample_weight where there are some. The elements of a source are single
// samples without an axis for the batch, which `batch` adds.
//
// A description may be used by several threads, each with passes of its own. Negative counts, and a count of
// 0 where one makes no sense, are a ValueError.
class Dataset {
 public:
  class Source;
  class Pass;
  using Generator = std::function<std::optional<Data>()>;

  // The rows of tensors [n, …]. StateError without x, ShapeError for scalars or when the numbers of rows
  // differ, naming them.
  static Dataset from_tensor_slices(const Data& data);
  // What functions give until they give nothing: `make` is called for each pass, so that it can begin anew.
  static Dataset from_generator(std::function<Generator()> make);
  // The rows of a CSV file, as read_csv reads it but never more than one at a time; each pass opens the file
  // anew. Texts need their categories given. Throws what read_csv does, at once for the header.
  static Dataset from_csv(const std::string& path, const CsvOptions& options = {});
  // The rows of an IDX file, and of another with their labels; each pass opens the files anew. Throws what
  // read_idx does, at once for the headers; FileError when the numbers of rows differ.
  static Dataset from_idx(const std::string& x, const IdxOptions& options = {});
  static Dataset from_idx(const std::string& x, const std::string& y, const IdxOptions& options = {});
  // The same for NumPy's .npy files. Throws what read_npy does.
  static Dataset from_npy(const std::string& x);
  static Dataset from_npy(const std::string& x, const std::string& y);

  // f of each element. With prefetch after it, f runs on another thread.
  Dataset map(std::function<Data(Data)> f) const;
  // In random order: each element is drawn from the next buffer_size ones, so that a buffer of all elements
  // shuffles them evenly. Every pass has an order of its own, which the seed and the pass's number determine;
  // without a seed one is drawn now.
  Dataset shuffle(Count buffer_size, std::optional<std::uint64_t> seed = {}) const;
  // Stacks so many elements along a new first axis; the last batch may be smaller. A pass throws ShapeError
  // or DTypeError for elements that do not fit together.
  Dataset batch(Count batch_size, BatchOptions options = {}) const;
  // The elements so many times over; without end unless a count is given. Each time is a pass of its own.
  Dataset repeat(std::optional<Count> count = {}) const;
  Dataset take(Count count) const;  // the first so many elements
  Dataset skip(Count count) const;  // all but the first so many
  // A thread of its own makes up to so many elements ahead. What it throws is thrown by `next`; a pass that
  // is given up stops the thread, after the element it is at.
  Dataset prefetch(Count buffer_size) const;

  // How many elements a pass has; nothing when that is not known before, or there is no end.
  std::optional<std::int64_t> size() const;
  // Whether a pass has no end.
  bool endless() const;

  // What fit takes for `validation_data`.
  operator ValidationData() const;  // NOLINT: implicit on purpose

  // Begins to go through the elements. Passes with different numbers are shuffled differently.
  Pass begin_pass(std::uint64_t number = 0) const;

  // For steps of one's own; REQUIRES a source.
  explicit Dataset(std::shared_ptr<const Source> source) : source_(std::move(source)) {}

 private:
  const std::shared_ptr<const Source>& source() const;  // StateError when it was moved from
  std::shared_ptr<const Source> source_;
};

// One way through a Dataset's elements, which it keeps alive. Not to be used by two threads at once.
class Dataset::Pass {
 public:
  class Kind {
   public:
    Kind() = default;
    Kind(const Kind&) = delete;
    Kind& operator=(const Kind&) = delete;
    virtual ~Kind() = default;
    // The next element; nothing at the end, and then ever after.
    virtual std::optional<Data> next() = 0;
  };
  class Iterator;

  Pass(std::shared_ptr<const Source> source, std::unique_ptr<Kind> kind)
      : source_(std::move(source)), kind_(std::move(kind)) {}

  std::optional<Data> next();
  // For a range-based loop over what is left.
  Iterator begin();
  std::default_sentinel_t end() const { return {}; }

 private:
  Kind& kind() const;  // StateError when it was moved from
  std::shared_ptr<const Source> source_;
  std::unique_ptr<Kind> kind_;
};

class Dataset::Pass::Iterator {
 public:
  explicit Iterator(Kind& pass) : pass_(&pass) { ++*this; }
  const Data& operator*() const { return *element_; }
  const Data* operator->() const { return element_.get(); }
  Iterator& operator++();
  friend bool operator==(const Iterator& iterator, std::default_sentinel_t) { return !iterator.element_; }

 private:
  Kind* pass_;
  std::shared_ptr<const Data> element_;
};

// What a Dataset describes: a source of elements, or a step after another. Implementations never change.
class Dataset::Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;
  // REQUIRES that this lives as long as the pass.
  virtual std::unique_ptr<Pass::Kind> begin_pass(std::uint64_t number) const = 0;
  virtual std::optional<std::int64_t> size() const = 0;
  virtual bool endless() const { return false; }
};

}  // namespace data

using data::Dataset;

}  // namespace gradus
