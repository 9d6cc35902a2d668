#pragma once

#include <gradus/models/callbacks/logs.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <vector>

namespace gradus {

class Model;

// What fit, evaluate and predict tell their callbacks about themselves.
struct CallbackParams {
  int verbose = 0;
  std::int64_t epochs = 0;
  std::int64_t steps = 0;                 // batches in an epoch; 0: not known
  std::int64_t validation_freq = 0;       // epochs from one validation to the next; 0: there is none
  std::vector<std::string> metrics = {};  // entries that an epoch's logs will have, the validation's last
  bool more_metrics = false;              // whether a callback may write others into them
};

// A handle to something that watches a model train. Kinds derive from Callback::Kind:
//   struct Print : Callback::Kind {
//     void on_epoch_end(std::int64_t epoch, Logs& logs) override { std::cout << epoch << logs.loss << '\n'; }
//   };
//   model.fit(x, y, {.callbacks = {Print()}});
// Hooks that a kind does not override cost nothing. What a hook throws ends the call and leaves the model as
// it is at that point, ready for use.
class Callback {
 public:
  class Kind;
  class Reader;
  template <std::derived_from<Kind> K>
  Callback(K kind);  // NOLINT: implicit on purpose

  // StateError when it was moved from.
  Kind& kind() const {
    if (!kind_) throw_moved();
    return *kind_;
  }
  // The kind itself: `callback.as<Print>()`. StateError when it is of another one.
  template <std::derived_from<Kind> K>
  K& as() const {
    if (K* own = dynamic_cast<K*>(kind_.get())) return *own;
    throw_other_class(typeid(K));
  }

  // Which hooks of a batch the kind has overridden.
  struct BatchHooks {
    bool train_begin = false, train_end = false;
    bool test_begin = false, test_end = false;
    bool predict_begin = false, predict_end = false;
  };
  const BatchHooks& batch_hooks() const { return batch_hooks_; }

 protected:
  // For classes that know better which hooks of a batch their kind needs.
  Callback(std::shared_ptr<Kind> kind, BatchHooks hooks) : kind_(std::move(kind)), batch_hooks_(hooks) {}

 private:
  template <std::derived_from<Kind> K>
  static constexpr BatchHooks overridden();
  [[noreturn]] static void throw_moved();
  [[noreturn]] static void throw_other_class(const std::type_info& wanted);

  std::shared_ptr<Kind> kind_;
  BatchHooks batch_hooks_;
};

// The hooks, by Keras's names and at Keras's moments. Epochs and batches count from 0. `logs` of a training
// or test batch hold the running values of the epoch so far; those of an epoch's end have the validation's
// too, under "val_". What a callback writes into an epoch's logs, those after it and the History see.
class Callback::Kind {
 public:
  virtual ~Kind() = default;
  virtual void on_train_begin(Logs&) {}
  virtual void on_train_end(Logs&) {}
  virtual void on_epoch_begin(std::int64_t /*epoch*/, Logs&) {}
  virtual void on_epoch_end(std::int64_t /*epoch*/, Logs&) {}
  virtual void on_train_batch_begin(std::int64_t /*batch*/, Logs&) {}
  virtual void on_train_batch_end(std::int64_t /*batch*/, Logs&) {}
  virtual void on_test_begin(Logs&) {}
  virtual void on_test_end(Logs&) {}
  virtual void on_test_batch_begin(std::int64_t /*batch*/, Logs&) {}
  virtual void on_test_batch_end(std::int64_t /*batch*/, Logs&) {}
  virtual void on_predict_begin(Logs&) {}
  virtual void on_predict_end(Logs&) {}
  virtual void on_predict_batch_begin(std::int64_t /*batch*/, Logs&) {}
  virtual void on_predict_batch_end(std::int64_t /*batch*/, Logs&) {}

  // Called before the first hook, and with nullptr after the last.
  virtual void set_params(const CallbackParams& params);
  virtual void set_model(Model* model) { model_ = model; }
  // Whether a loss that is not finite may go on to the hooks instead of ending fit with an error.
  virtual bool takes_non_finite_loss() const { return false; }
  // What it writes into an epoch's logs, so that a callback which follows a misspelt entry is refused before
  // training. Not known unless overridden; then such a mistake shows at the end of the first epoch.
  virtual std::optional<std::vector<std::string>> log_names() const { return std::nullopt; }

 protected:
  const CallbackParams& params() const { return params_; }
  // The model being trained: `model().stop_training()`. StateError outside of fit, evaluate and predict.
  Model& model() const;

 private:
  CallbackParams params_;
  Model* model_ = nullptr;
};

// A kind that writes nothing into the logs.
class Callback::Reader : public Callback::Kind {
 public:
  std::optional<std::vector<std::string>> log_names() const override { return std::vector<std::string>(); }
};

template <std::derived_from<Callback::Kind> K>
constexpr Callback::BatchHooks Callback::overridden() {
  // A pointer to an inherited member has the type of the base; one that was overridden privately has none.
  using Hook = void (Kind::*)(std::int64_t, Logs&);
  BatchHooks hooks;
  hooks.train_begin = !requires { requires std::same_as<decltype(&K::on_train_batch_begin), Hook>; };
  hooks.train_end = !requires { requires std::same_as<decltype(&K::on_train_batch_end), Hook>; };
  hooks.test_begin = !requires { requires std::same_as<decltype(&K::on_test_batch_begin), Hook>; };
  hooks.test_end = !requires { requires std::same_as<decltype(&K::on_test_batch_end), Hook>; };
  hooks.predict_begin = !requires { requires std::same_as<decltype(&K::on_predict_batch_begin), Hook>; };
  hooks.predict_end = !requires { requires std::same_as<decltype(&K::on_predict_batch_end), Hook>; };
  return hooks;
}

template <std::derived_from<Callback::Kind> K>
Callback::Callback(K kind) : kind_(std::make_shared<K>(std::move(kind))), batch_hooks_(overridden<K>()) {}

}  // namespace gradus
