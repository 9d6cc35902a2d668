#include <gradus/models/callbacks/lambda_callback.h>

namespace gradus {

namespace {

class Functions : public Callback::Kind {
 public:
  explicit Functions(LambdaCallbackOptions functions) : f_(std::move(functions)) {}

  void on_epoch_begin(std::int64_t epoch, Logs& logs) override { call(f_.on_epoch_begin, epoch, logs); }
  void on_epoch_end(std::int64_t epoch, Logs& logs) override { call(f_.on_epoch_end, epoch, logs); }
  void on_train_begin(Logs& logs) override { call(f_.on_train_begin, logs); }
  void on_train_end(Logs& logs) override { call(f_.on_train_end, logs); }
  void on_train_batch_begin(std::int64_t batch, Logs& logs) override {
    call(f_.on_train_batch_begin, batch, logs);
  }
  void on_train_batch_end(std::int64_t batch, Logs& logs) override {
    call(f_.on_train_batch_end, batch, logs);
  }
  void on_test_begin(Logs& logs) override { call(f_.on_test_begin, logs); }
  void on_test_end(Logs& logs) override { call(f_.on_test_end, logs); }
  void on_test_batch_begin(std::int64_t batch, Logs& logs) override {
    call(f_.on_test_batch_begin, batch, logs);
  }
  void on_test_batch_end(std::int64_t batch, Logs& logs) override { call(f_.on_test_batch_end, batch, logs); }
  void on_predict_begin(Logs& logs) override { call(f_.on_predict_begin, logs); }
  void on_predict_end(Logs& logs) override { call(f_.on_predict_end, logs); }
  void on_predict_batch_begin(std::int64_t batch, Logs& logs) override {
    call(f_.on_predict_batch_begin, batch, logs);
  }
  void on_predict_batch_end(std::int64_t batch, Logs& logs) override {
    call(f_.on_predict_batch_end, batch, logs);
  }

  // Only what an epoch's end is given can be written into the logs there.
  std::optional<std::vector<std::string>> log_names() const override {
    if (f_.on_epoch_end) return std::nullopt;
    return std::vector<std::string>();
  }

 private:
  template <class Function, class... Arguments>
  static void call(const Function& function, Arguments&... arguments) {
    if (function) function(arguments...);
  }

  LambdaCallbackOptions f_;
};

Callback::BatchHooks given(const LambdaCallbackOptions& functions) {
  return {.train_begin = static_cast<bool>(functions.on_train_batch_begin),
          .train_end = static_cast<bool>(functions.on_train_batch_end),
          .test_begin = static_cast<bool>(functions.on_test_batch_begin),
          .test_end = static_cast<bool>(functions.on_test_batch_end),
          .predict_begin = static_cast<bool>(functions.on_predict_batch_begin),
          .predict_end = static_cast<bool>(functions.on_predict_batch_end)};
}

}  // namespace

LambdaCallback::LambdaCallback(LambdaCallbackOptions functions)
    : Callback(std::make_shared<Functions>(functions), given(functions)) {}

}  // namespace gradus
