#include <gradus/graph/error.h>
#include <gradus/models/callbacks/callback.h>
#include <gradus/models/layer_names.h>

namespace gradus {

void Callback::throw_moved() { throw StateError("Callback: used after a move"); }
void Callback::throw_other_class(const std::type_info& wanted) {
  throw StateError("Callback::as: this callback is no " + class_name(wanted));
}

void Callback::Kind::set_params(const CallbackParams& params) { params_ = params; }

Model& Callback::Kind::model() const {
  if (model_ == nullptr) throw StateError("Callback: there is a model only during fit, evaluate and predict");
  return *model_;
}

}  // namespace gradus
