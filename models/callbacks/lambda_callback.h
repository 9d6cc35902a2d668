#pragma once

#include <gradus/models/callbacks/callback.h>

#include <functional>

namespace gradus {

struct LambdaCallbackOptions {
  using Hook = std::function<void(Logs&)>;
  using CountedHook = std::function<void(std::int64_t, Logs&)>;

  CountedHook on_epoch_begin = {};
  CountedHook on_epoch_end = {};
  Hook on_train_begin = {};
  Hook on_train_end = {};
  CountedHook on_train_batch_begin = {};
  CountedHook on_train_batch_end = {};
  Hook on_test_begin = {};
  Hook on_test_end = {};
  CountedHook on_test_batch_begin = {};
  CountedHook on_test_batch_end = {};
  Hook on_predict_begin = {};
  Hook on_predict_end = {};
  CountedHook on_predict_batch_begin = {};
  CountedHook on_predict_batch_end = {};
};

// A callback made of functions; those that are not given cost nothing:
//   LambdaCallback({.on_epoch_end = [](std::int64_t epoch, Logs& logs) { std::cout << logs.loss << '\n'; }})
class LambdaCallback : public Callback {
 public:
  explicit LambdaCallback(LambdaCallbackOptions functions);
};

}  // namespace gradus
