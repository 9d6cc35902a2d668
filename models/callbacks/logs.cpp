#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/callbacks/logs.h>

#include <vector>

namespace gradus {

double Logs::operator[](std::string_view name) const {
  if (name == "loss") return loss;
  if (const auto found = metrics.find(name); found != metrics.end()) return found->second;
  std::vector<std::string_view> known = {"loss"};
  for (const auto& [metric, value] : metrics) known.push_back(metric);
  throw ValueError(unknown_name("entry of the logs", name, known));
}

}  // namespace gradus
