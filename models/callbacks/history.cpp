#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/callbacks/history.h>

namespace gradus {

const std::vector<double>& History::operator[](std::string_view name) const {
  if (const auto found = history.find(name); found != history.end()) return found->second;
  std::vector<std::string_view> known;
  for (const auto& [metric, values] : history) known.push_back(metric);
  throw ValueError(unknown_name("curve of the history", name, known));
}

void HistoryRecorder::on_epoch_end(std::int64_t epoch, Logs& logs) {
  history_->epoch.push_back(epoch);
  history_->history["loss"].push_back(logs.loss);
  for (const auto& [name, value] : logs.metrics) history_->history[name].push_back(value);
}

}  // namespace gradus
