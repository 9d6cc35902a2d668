#include <gradus/models/training/dataset_batches.h>
#include <gradus/models/training/training_data.h>

namespace gradus {

DatasetBatches::DatasetBatches(CallSite call, Model model, const Dataset& dataset, Options options)
    : call_(call), model_(std::move(model)), dataset_(dataset), options_(std::move(options)) {
  if (dataset_.endless() && !options_.steps) {
    throw call_.value_error("the dataset has no end: say how many steps are taken of it");
  }
}

const Data& DatasetBatches::first(std::uint64_t number) {
  number_ = number;
  pass_.emplace(dataset_.begin_pass(number_));
  first_ = pass_->next();
  if (!first_) throw call_.value_error("there is no data: the dataset is empty");
  if (!model_.built()) {
    const auto& kind = static_cast<const Model::Kind&>(model_.kind());
    model_.build_all(training::sample_shapes(training::input(call_, kind, first_->x)));
  }
  return *first_;
}

void DatasetBatches::begin_pass(std::uint64_t number) {
  if (first_ && number == number_) return;
  if (!first_ && goes_on() && pass_) return;
  first_.reset();
  number_ = number;
  pass_.emplace(dataset_.begin_pass(number_));
}

bool DatasetBatches::next(Data& batch) {
  std::optional<Data> element = first_ ? std::exchange(first_, std::nullopt) : pass_->next();
  if (!element && goes_on()) {
    pass_.emplace(dataset_.begin_pass(++number_));
    element = pass_->next();
    if (!element) throw call_.value_error("there is no data: the dataset is empty");
  }
  if (!element) return false;
  batch = converted(*element);
  return true;
}

std::optional<std::int64_t> DatasetBatches::steps() const {
  return options_.steps ? options_.steps : dataset_.size();
}

Data DatasetBatches::converted(const Data& element) const {
  const auto& kind = static_cast<const Model::Kind&>(model_.kind());
  if (options_.labels == Labels::ignored) return {training::input(call_, kind, element.x), {}, {}};
  return training::weighted(call_, kind,
                            training::data(call_, kind, element.x, element.y, element.sample_weight),
                            options_.class_weight);
}

}  // namespace gradus
