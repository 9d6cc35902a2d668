#include <gradus/graph/error.h>
#include <gradus/graph/random.h>
#include <gradus/models/data/checks.h>
#include <gradus/models/data/dataset.h>
#include <gradus/models/data/take_rows.h>
#include <gradus/models/data/timeseries.h>
#include <gradus/models/fresh_seed.h>
#include <gradus/models/training_options.h>

#include <algorithm>

namespace gradus {

namespace {

constexpr const char* kCall = "timeseries_dataset_from_array";

std::int64_t positive(const char* name, Count count) {
  data::require_positive(kCall, name, count.value());
  return count.value();
}

// What a sequence is, in rows of the series.
struct Window {
  std::int64_t length = 0, stride = 0, rate = 0, start = 0;
};

class WindowsSource : public data::Dataset::Source {
 public:
  WindowsSource(Tensor x, Tensor y, Window window, std::int64_t count, std::optional<std::uint64_t> seed)
      : x_(std::move(x)), y_(std::move(y)), window_(window), count_(count), seed_(seed) {}

  std::unique_ptr<data::Dataset::Pass::Kind> begin_pass(std::uint64_t number) const override {
    return std::make_unique<WindowsPass>(*this, number);
  }
  std::optional<std::int64_t> size() const override { return count_; }

 private:
  class WindowsPass : public data::Dataset::Pass::Kind {
   public:
    WindowsPass(const WindowsSource& source, std::uint64_t number) : source_(source) {
      if (source.seed_) order_ = Random(*source.seed_).stream(number).permutation(source.count_);
    }
    std::optional<Data> next() override {
      if (at_ == source_.count_) return std::nullopt;
      const std::int64_t which = order_.empty() ? at_ : order_[static_cast<std::size_t>(at_)];
      ++at_;
      return source_.window(which);
    }

   private:
    const WindowsSource& source_;
    std::vector<std::int64_t> order_;  // as they lie when empty
    std::int64_t at_ = 0;
  };

  Data window(std::int64_t which) const {
    const std::int64_t begin = window_.start + which * window_.stride;
    std::vector<std::int64_t> rows(static_cast<std::size_t>(window_.length));
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i] = begin + static_cast<std::int64_t>(i) * window_.rate;
    return {data::take_rows(x_, rows), y_.defined() ? y_[begin] : Tensor()};
  }

  Tensor x_, y_;
  Window window_;
  std::int64_t count_;
  std::optional<std::uint64_t> seed_;  // none: in order
};

}  // namespace

data::Dataset timeseries_dataset_from_array(const Tensor& data, const Tensor& targets, Count sequence_length,
                                            const TimeseriesOptions& options) {
  const std::int64_t n = data::rows_of(kCall, "data", data);
  const Window window = {positive("sequence_length", sequence_length),
                         positive("sequence_stride", options.sequence_stride),
                         positive("sampling_rate", options.sampling_rate),
                         options.start_index ? options.start_index->value() : 0};
  if (options.batch_size) positive("batch_size", *options.batch_size);
  const std::int64_t end = options.end_index ? options.end_index->value() : n;
  if (window.start < 0 || window.start >= end || end > n) {
    throw ValueError(std::string(kCall) + ": start_index " + std::to_string(window.start) +
                     " and end_index " + std::to_string(end) + " must be in order, and within the " +
                     std::to_string(n) + " rows of data");
  }
  std::int64_t span = 0;  // from the first step of a sequence to its last
  const bool overflows = __builtin_mul_overflow(window.length - 1, window.rate, &span);
  if (overflows || span >= end - window.start) {
    throw ValueError(std::string(kCall) + ": a sequence of " + std::to_string(window.length) +
                     " steps, one in " + std::to_string(window.rate) + ", is longer than the " +
                     std::to_string(end - window.start) + " rows there are");
  }
  std::int64_t starts = end - window.start - span;
  if (targets.defined()) {
    starts = std::min(starts, data::rows_of(kCall, "targets", targets) - window.start);
    if (starts <= 0) throw ValueError(std::string(kCall) + ": targets end before start_index");
  }
  std::optional<std::uint64_t> seed;
  if (options.shuffle) seed = options.seed ? *options.seed : fresh_seed();
  const data::Dataset sequences(
      std::make_shared<WindowsSource>(data, targets, window, (starts - 1) / window.stride + 1, seed));
  return options.batch_size ? sequences.batch(*options.batch_size) : sequences;
}

}  // namespace gradus
