#pragma once

#include <gradus/models/training/batches.h>
#include <gradus/models/training/step.h>

namespace gradus::training {

// Runs the first `steps` batches through the model and returns the loss and metrics over them.
Logs evaluate(const CallSite& call, Model::Kind& model, BatchSource& batches,
              std::optional<std::int64_t> steps, const CallbackList& callbacks);

}  // namespace gradus::training
