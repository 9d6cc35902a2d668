#pragma once

#include <gradus/models/callbacks/callback.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// What fit returns: the logs of every epoch it ran.
struct History {
  std::vector<std::int64_t> epoch = {};                                  // counted from 0
  std::map<std::string, std::vector<double>, std::less<>> history = {};  // "loss", "val_accuracy", …
  CallbackParams params = {};
  bool interrupted = false;  // by StopOnInterrupt; an epoch that was broken off is not among those above
  std::uint64_t seed = 0;    // the model's: with it, the same program and data, the run can be repeated

  // One curve: `history["val_loss"]`. ValueError for a name that is not in it.
  const std::vector<double>& operator[](std::string_view name) const;
};

// The callback that writes a History; fit adds one behind the user's own.
class HistoryRecorder : public Callback::Reader {
 public:
  explicit HistoryRecorder(History& history) : history_(&history) {}
  void on_epoch_end(std::int64_t epoch, Logs& logs) override;

 private:
  History* history_;
};

}  // namespace gradus
