#pragma once

#include <gradus/models/callbacks/callback.h>

namespace gradus {

// A kind that changes the optimizer's learning rate and writes it into an epoch's logs.
class LearningRateLog : public Callback::Kind {
 public:
  // StateError where the optimizer's rate cannot be set.
  void on_train_begin(Logs& logs) override;
  std::optional<std::vector<std::string>> log_names() const override {
    return std::vector<std::string>{"learning_rate"};
  }

 protected:
  double learning_rate() const;
  void set_learning_rate(double learning_rate) const;
  void log_learning_rate(Logs& logs) const;
};

}  // namespace gradus
