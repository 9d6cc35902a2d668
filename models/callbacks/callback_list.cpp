#include <gradus/models/callbacks/callback_list.h>

#include <algorithm>

namespace gradus {

CallbackList::CallbackList(std::vector<Callback> callbacks, Model& model, const CallbackParams& params)
    : callbacks_(std::move(callbacks)) {
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
  for (const Callback& callback : callbacks_) callback.kind().set_model(nullptr);
}

bool CallbackList::takes_non_finite_loss() const {
  return std::any_of(callbacks_.begin(), callbacks_.end(),
                     [](const Callback& callback) { return callback.kind().takes_non_finite_loss(); });
}

}  // namespace gradus
