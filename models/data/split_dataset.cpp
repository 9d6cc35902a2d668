#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/random.h>
#include <gradus/models/data/split_dataset.h>
#include <gradus/models/fresh_seed.h>
#include <gradus/models/training_options.h>

#include <cmath>
#include <vector>

namespace gradus {

namespace {

// Elements that have been made, and are kept.
class KeptSource : public data::Dataset::Source {
 public:
  explicit KeptSource(std::vector<Data> elements) : elements_(std::move(elements)) {}

  std::unique_ptr<data::Dataset::Pass::Kind> begin_pass(std::uint64_t /*number*/) const override {
    return std::make_unique<KeptPass>(elements_);
  }
  std::optional<std::int64_t> size() const override { return static_cast<std::int64_t>(elements_.size()); }

 private:
  class KeptPass : public data::Dataset::Pass::Kind {
   public:
    explicit KeptPass(const std::vector<Data>& elements) : elements_(elements) {}
    std::optional<Data> next() override {
      return at_ == elements_.size() ? std::nullopt : std::optional(elements_[at_++]);
    }

   private:
    const std::vector<Data>& elements_;
    std::size_t at_ = 0;
  };

  std::vector<Data> elements_;
};

std::string text(const data::PartSize& size) {
  if (size.fraction()) return scalar_text(*size.fraction());
  return size.rows() ? std::to_string(*size.rows()) : "none";
}

// Nothing where it is not given.
std::optional<std::int64_t> elements(const char* name, const data::PartSize& size, std::int64_t all) {
  if (!size.given()) return std::nullopt;
  const bool good =
      size.fraction() ? *size.fraction() > 0 && *size.fraction() < 1 : *size.rows() > 0 && *size.rows() < all;
  if (!good) {
    throw ValueError(
        std::string("split_dataset: ") + name +
        " must be a fraction inside (0, 1) or a number of elements from 1 to one less than the " +
        std::to_string(all) + " there are, got " + text(size));
  }
  // As Python rounds: a half to the even neighbour.
  if (size.fraction()) {
    return static_cast<std::int64_t>(std::nearbyint(*size.fraction() * static_cast<double>(all)));
  }
  return *size.rows();
}

}  // namespace

DatasetSplit split_dataset(const data::Dataset& dataset, const SplitDatasetOptions& options) {
  const data::PartSize &left_size = options.left_size, &right_size = options.right_size;
  if (!left_size.given() && !right_size.given()) {
    throw ValueError("split_dataset: left_size or right_size is needed");
  }
  if (dataset.endless()) throw ValueError("split_dataset: the dataset has no end");
  std::vector<Data> all;
  for (const Data& element : dataset.begin_pass()) all.push_back(element);
  const auto n = static_cast<std::int64_t>(all.size());
  const std::optional<std::int64_t> left_given = elements("left_size", left_size, n),
                                    right_given = elements("right_size", right_size, n);
  const std::int64_t left = left_given ? *left_given : n - *right_given;
  const std::int64_t right = right_given ? *right_given : n - left;
  if (left < 1 || right < 1 || left + right > n) {
    throw ValueError("split_dataset: left_size " + text(left_size) + " and right_size " + text(right_size) +
                     " make parts of " + std::to_string(left) + " and " + std::to_string(right) + " of the " +
                     std::to_string(n) + " elements");
  }
  if (options.shuffle) {
    std::vector<Data> shuffled;
    for (const std::int64_t i : Random(options.seed ? *options.seed : fresh_seed()).permutation(n)) {
      shuffled.push_back(all[static_cast<std::size_t>(i)]);
    }
    all = std::move(shuffled);
  }
  const auto part = [](auto begin, auto end) {
    return data::Dataset(std::make_shared<KeptSource>(std::vector<Data>(begin, end)));
  };
  return {part(all.begin(), all.begin() + left), part(all.end() - right, all.end())};
}

}  // namespace gradus
