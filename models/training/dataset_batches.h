#pragma once

#include <gradus/models/call_site.h>
#include <gradus/models/data/dataset.h>
#include <gradus/models/model_kind.h>
#include <gradus/models/training/batches.h>

namespace gradus {

// The elements of a Dataset as a model's batches: each is checked, converted and, with class weights,
// weighted when its turn comes.
class DatasetBatches : public BatchSource {
 public:
  enum class Labels : std::uint8_t { needed, ignored };
  // Of passes with a number of steps: whether the next goes on where the one before ended, beginning the data
  // anew where they end, or each sees the same batches.
  enum class NextPass : std::uint8_t { begins_anew, goes_on };
  struct Options {
    Labels labels = Labels::needed;
    ClassWeight class_weight = {};
    std::optional<std::int64_t> steps = {};  // a pass is at most so many batches
    NextPass next_pass = NextPass::begins_anew;
  };
  DatasetBatches(CallSite call, Model model, const Dataset& dataset, Options options);

  // The first batch of the pass of this number, which comes again in it; the model is built for it where that
  // was not done.
  const Data& first(std::uint64_t number = 0);

  void begin_pass(std::uint64_t number) override;
  bool next(Data& batch) override;
  std::optional<std::int64_t> steps() const override;

 private:
  bool goes_on() const { return options_.steps && options_.next_pass == NextPass::goes_on; }
  Data converted(const Data& element) const;

  CallSite call_;
  Model model_;
  Dataset dataset_;
  Options options_;
  std::optional<Dataset::Pass> pass_;
  std::optional<Data> first_;
  std::uint64_t number_ = 0;
};

}  // namespace gradus
