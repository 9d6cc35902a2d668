#pragma once

#include <gradus/models/callbacks/callback.h>

namespace gradus {

// Lets Ctrl-C (SIGINT) end fit at the end of the batch: fit then returns the history of the epochs that were
// finished, with `interrupted` set, and the model has the weights of that batch. An epoch that was broken off
// is not validated and no callback is told of its end; on_train_end comes as always. A second Ctrl-C goes to
// whoever had the signal before fit, usually ending the process; after fit, with or without an exception, so
// does the first. fit adds one by itself where it shows its progress on a terminal; a process that ignores
// SIGINT goes on ignoring it.
class StopOnInterrupt : public Callback {
 public:
  StopOnInterrupt();
  bool interrupted() const;  // the last fit

 private:
  class Stopper;
};

}  // namespace gradus
