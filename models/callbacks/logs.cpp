#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/callbacks/logs.h>

#include <algorithm>

namespace gradus {

double Logs::operator[](std::string_view name) const {
  if (name == "loss") return loss;
  if (const auto found = metrics.find(name); found != metrics.end()) return found->second;
  std::vector<std::string_view> known = {"loss"};
  for (const auto& [metric, value] : metrics) known.push_back(metric);
  throw ValueError(unknown_name("entry of the logs", name, known));
}

bool Logs::contains(std::string_view name) const { return name == "loss" || metrics.contains(name); }

std::vector<std::string> Logs::names() const {
  std::vector<std::string> names = {"loss"};
  for (const auto& [name, value] : metrics) names.push_back(name);
  std::sort(names.begin(), names.end());
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return !name.starts_with("val_"); });
  return names;
}

}  // namespace gradus
