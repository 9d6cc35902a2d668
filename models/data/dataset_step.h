#pragma once

#include <gradus/models/data/dataset.h>
#include <gradus/models/training_options.h>

namespace gradus::data {

// A step after another source; it has as many elements unless it says otherwise.
class DatasetStep : public Dataset::Source {
 public:
  explicit DatasetStep(std::shared_ptr<const Dataset::Source> before) : before_(std::move(before)) {}
  std::optional<std::int64_t> size() const override { return before_->size(); }
  bool endless() const override { return before_->endless(); }

 protected:
  const Dataset::Source& before() const { return *before_; }
  // A pass whose every element is next(pass of the source before). Once that gives nothing it is asked no
  // more.
  template <class F>
  std::unique_ptr<Dataset::Pass::Kind> by_element(std::uint64_t number, F next) const {
    class ByElement : public Dataset::Pass::Kind {
     public:
      ByElement(std::unique_ptr<Dataset::Pass::Kind> before, F f)
          : before_(std::move(before)), f_(std::move(f)) {}
      std::optional<Data> next() override {
        if (!before_) return std::nullopt;
        std::optional<Data> element = f_(*before_);
        if (!element) before_ = nullptr;
        return element;
      }

     private:
      std::unique_ptr<Dataset::Pass::Kind> before_;
      F f_;
    };
    return std::make_unique<ByElement>(before_->begin_pass(number), std::move(next));
  }

 private:
  std::shared_ptr<const Dataset::Source> before_;
};

// The count, unless it is less than `least`: ValueError naming the step.
std::int64_t checked_count(const char* step, Count count, std::int64_t least);

}  // namespace gradus::data
