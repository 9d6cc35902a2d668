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
  struct Options {
    Labels labels = Labels::needed;
    ClassWeight class_weight = {};
    // An epoch is so many batches: the next goes on where it ended, and begins anew where the data ends.
    std::optional<std::int64_t> steps = {};
  };
  DatasetBatches(CallSite call, Model model, const Dataset& dataset, Options options);

  // The first batch of the first pass, which comes again; the model is built for it where that was not done.
  const Data& first();

  void begin_pass(std::uint64_t number) override;
  bool next(Data& batch) override;
  std::optional<std::int64_t> steps() const override;

 private:
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
