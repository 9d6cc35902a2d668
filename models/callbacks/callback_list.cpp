#include <gradus/models/callbacks/callback_list.h>

#include <algorithm>

namespace gradus {

namespace {

// The names that the callbacks add to those fit knows of.
CallbackParams with_log_names(CallbackParams params, const std::vector<Callback>& callbacks) {
  for (const Callback& callback : callbacks) {
    const auto names = callback.kind().log_names();
    params.more_metrics = params.more_metrics || !names;
    for (const std::string& name : names.value_or(std::vector<std::string>())) {
      if (std::find(params.metrics.begin(), params.metrics.end(), name) == params.metrics.end()) {
        params.metrics.push_back(name);
      }
    }
  }
  return params;
}

}  // namespace

CallbackList::CallbackList(std::vector<Callback> callbacks, Model& model, const CallbackParams& known)
    : callbacks_(std::move(callbacks)) {
  const CallbackParams params = with_log_names(known, callbacks_);
  for (const Callback& callback : callbacks_) {
    Callback::Kind* kind = &callback.kind();
    kind->set_params(params);
    kind->set_model(&model);
    const Callback::BatchHooks& hooks = callback.batch_hooks();
    if (hooks.train_begin) train_.begin.push_back(kind);
    if (hooks.train_end) train_.end.push_back(kind);
    if (hooks.test_begin) test_.begin.push_back(kind);
    if (hooks.test_end) test_.end.push_back(kind);
    if (hooks.predict_begin) predict_.begin.push_back(kind);
    if (hooks.predict_end) predict_.end.push_back(kind);
  }
}

CallbackList::~CallbackList() {
  for (const Callback& callback : callbacks_) {
    try {
      callback.kind().set_model(nullptr);
    } catch (...) {  // NOLINT: the call is over; its result or its own exception counts
    }
  }
}

bool CallbackList::takes_non_finite_loss() const {
  return std::any_of(callbacks_.begin(), callbacks_.end(),
                     [](const Callback& callback) { return callback.kind().takes_non_finite_loss(); });
}

}  // namespace gradus
