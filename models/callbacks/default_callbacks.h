#pragma once

#include <gradus/models/callbacks/callback.h>

#include <vector>

namespace gradus {

// The user's callbacks and those that a call adds to them: a ProgressBar where `verbose` asks for one and the
// user gave none, and, in fit, a StopOnInterrupt where that bar is on a terminal. They come last, as in
// Keras, so that the bar shows what the others have written into the logs.
std::vector<Callback> with_progress(std::vector<Callback> callbacks, int verbose);
std::vector<Callback> with_fit_defaults(std::vector<Callback> callbacks, int verbose);

}  // namespace gradus
