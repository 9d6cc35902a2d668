#include <gradus/models/callbacks/default_callbacks.h>
#include <gradus/models/callbacks/progress_bar.h>
#include <gradus/models/callbacks/stop_on_interrupt.h>

#include <unistd.h>

#include <algorithm>

namespace gradus {

std::vector<Callback> with_progress(std::vector<Callback> callbacks, int verbose) {
  const bool given = std::any_of(callbacks.begin(), callbacks.end(), [](const Callback& callback) {
    return dynamic_cast<const ProgressBar*>(&callback.kind()) != nullptr;
  });
  if (verbose > 0 && !given) callbacks.push_back(ProgressBar());
  return callbacks;
}

std::vector<Callback> with_fit_defaults(std::vector<Callback> callbacks, int verbose) {
  callbacks = with_progress(std::move(callbacks), verbose);
  if (verbose > 0 && ::isatty(STDOUT_FILENO) != 0) callbacks.push_back(StopOnInterrupt());
  return callbacks;
}

}  // namespace gradus
