#include <gradus/graph/error.h>
#include <gradus/graph/random.h>
#include <gradus/models/data/data_rows.h>
#include <gradus/models/data/dataset_step.h>
#include <gradus/models/fresh_seed.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace gradus::data {

std::int64_t checked_count(const char* step, Count count, std::int64_t least) {
  if (count.value() < least) {
    throw ValueError(std::string(step) + ": the count must be " + std::to_string(least) + " or more, got " +
                     std::to_string(count.value()));
  }
  return count.value();
}

namespace {

using Source = Dataset::Source;
using Pass = Dataset::Pass::Kind;
using SourcePointer = std::shared_ptr<const Source>;

class MapStep : public DatasetStep {
 public:
  MapStep(SourcePointer before, std::function<Data(Data)> f)
      : DatasetStep(std::move(before)), f_(std::move(f)) {
    if (!f_) throw ValueError("map: there is no function");
  }
  std::unique_ptr<Pass> begin_pass(std::uint64_t number) const override {
    return by_element(number, [this](Pass& before) -> std::optional<Data> {
      std::optional<Data> element = before.next();
      return element ? std::optional(f_(std::move(*element))) : std::nullopt;
    });
  }

 private:
  std::function<Data(Data)> f_;
};

class BatchStep : public DatasetStep {
 public:
  BatchStep(SourcePointer before, Count size, BatchOptions options)
      : DatasetStep(std::move(before)), batch_(checked_count("batch", size, 1)), options_(options) {}
  std::optional<std::int64_t> size() const override {
    const std::optional<std::int64_t> elements = DatasetStep::size();
    if (!elements) return std::nullopt;
    return *elements / batch_ + (*elements % batch_ != 0 && !options_.drop_remainder ? 1 : 0);
  }
  std::unique_ptr<Pass> begin_pass(std::uint64_t number) const override {
    return by_element(number, [this](Pass& before) -> std::optional<Data> {
      std::vector<Data> elements;
      while (static_cast<std::int64_t>(elements.size()) < batch_) {
        std::optional<Data> element = before.next();
        if (!element) break;
        elements.push_back(std::move(*element));
      }
      const bool whole = static_cast<std::int64_t>(elements.size()) == batch_;
      if (elements.empty() || (options_.drop_remainder && !whole)) return std::nullopt;
      return stack(elements);
    });
  }

 private:
  std::int64_t batch_;
  BatchOptions options_;
};

class ShuffleStep : public DatasetStep {
 public:
  ShuffleStep(SourcePointer before, Count buffer, std::uint64_t seed)
      : DatasetStep(std::move(before)), buffer_(checked_count("shuffle", buffer, 1)), seed_(seed) {}
  std::unique_ptr<Pass> begin_pass(std::uint64_t number) const override {
    return by_element(number,
                      [this, random = Random(seed_).stream(number),
                       waiting = std::vector<Data>()](Pass& before) mutable -> std::optional<Data> {
                        while (static_cast<std::int64_t>(waiting.size()) < buffer_) {
                          std::optional<Data> element = before.next();
                          if (!element) break;
                          waiting.push_back(std::move(*element));
                        }
                        if (waiting.empty()) return std::nullopt;
                        // The upper half of a product of 64 bits with the size is even enough: no size comes
                        // near 2^64.
                        const auto drawn = static_cast<std::size_t>(
                            static_cast<unsigned __int128>(random.bits()) * waiting.size() >> 64);
                        std::swap(waiting[drawn], waiting.back());
                        Data element = std::move(waiting.back());
                        waiting.pop_back();
                        return element;
                      });
  }

 private:
  std::int64_t buffer_;
  std::uint64_t seed_;
};

class TakeStep : public DatasetStep {
 public:
  TakeStep(SourcePointer before, Count count)
      : DatasetStep(std::move(before)), count_(checked_count("take", count, 0)) {}
  std::optional<std::int64_t> size() const override {
    if (DatasetStep::endless()) return count_;
    const std::optional<std::int64_t> elements = DatasetStep::size();
    return elements ? std::optional(std::min(*elements, count_)) : std::nullopt;
  }
  bool endless() const override { return false; }
  std::unique_ptr<Pass> begin_pass(std::uint64_t number) const override {
    return by_element(number, [left = count_](Pass& before) mutable -> std::optional<Data> {
      if (left == 0) return std::nullopt;
      --left;
      return before.next();
    });
  }

 private:
  std::int64_t count_;
};

class SkipStep : public DatasetStep {
 public:
  SkipStep(SourcePointer before, Count count)
      : DatasetStep(std::move(before)), count_(checked_count("skip", count, 0)) {}
  std::optional<std::int64_t> size() const override {
    const std::optional<std::int64_t> elements = DatasetStep::size();
    return elements ? std::optional(std::max<std::int64_t>(0, *elements - count_)) : std::nullopt;
  }
  std::unique_ptr<Pass> begin_pass(std::uint64_t number) const override {
    return by_element(number, [left = count_](Pass& before) mutable -> std::optional<Data> {
      for (; left > 0; --left) {
        if (!before.next()) return std::nullopt;
      }
      return before.next();
    });
  }

 private:
  std::int64_t count_;
};

class RepeatStep : public DatasetStep {
 public:
  RepeatStep(SourcePointer before, std::optional<Count> count) : DatasetStep(std::move(before)) {
    if (count) times_ = checked_count("repeat", *count, 0);
  }
  std::optional<std::int64_t> size() const override {
    const std::optional<std::int64_t> elements = DatasetStep::size();
    std::int64_t all = 0;
    if (!elements || !times_ || __builtin_mul_overflow(*elements, *times_, &all)) return std::nullopt;
    return all;
  }
  bool endless() const override {
    return !times_ ? DatasetStep::size() != 0 : DatasetStep::endless() && *times_ != 0;
  }
  std::unique_ptr<Pass> begin_pass(std::uint64_t number) const override {
    return std::make_unique<RepeatPass>(*this, number);
  }

 private:
  class RepeatPass : public Pass {
   public:
    RepeatPass(const RepeatStep& step, std::uint64_t number) : step_(step), number_(number << 32) {}
    std::optional<Data> next() override {
      while (!ended_ && (!step_.times_ || done_ < *step_.times_)) {
        if (!pass_) pass_ = step_.before().begin_pass(number_ + static_cast<std::uint64_t>(done_));
        if (std::optional<Data> element = pass_->next()) {
          found_one_ = true;
          return element;
        }
        pass_ = nullptr;
        ++done_;
        // What is empty would be repeated for ever.
        ended_ = !found_one_;
      }
      return std::nullopt;
    }

   private:
    const RepeatStep& step_;
    std::uint64_t number_;  // passes of different repeats have different numbers
    std::int64_t done_ = 0;
    bool found_one_ = false;
    bool ended_ = false;
    std::unique_ptr<Pass> pass_;
  };

  std::optional<std::int64_t> times_;
};

}  // namespace

Dataset Dataset::map(std::function<Data(Data)> f) const {
  return Dataset(std::make_shared<MapStep>(source(), std::move(f)));
}
Dataset Dataset::shuffle(Count buffer_size, std::optional<std::uint64_t> seed) const {
  return Dataset(std::make_shared<ShuffleStep>(source(), buffer_size, seed ? *seed : fresh_seed()));
}
Dataset Dataset::batch(Count batch_size, BatchOptions options) const {
  return Dataset(std::make_shared<BatchStep>(source(), batch_size, options));
}
Dataset Dataset::repeat(std::optional<Count> count) const {
  return Dataset(std::make_shared<RepeatStep>(source(), count));
}
Dataset Dataset::take(Count count) const { return Dataset(std::make_shared<TakeStep>(source(), count)); }
Dataset Dataset::skip(Count count) const { return Dataset(std::make_shared<SkipStep>(source(), count)); }

}  // namespace gradus::data
