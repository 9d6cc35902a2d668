#include <gradus/graph/number_text.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/training/heads.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace gradus::training {

namespace {

// The parts in the order of the outputs; an output that is not named gets `otherwise`.
template <class Part>
std::vector<Part> in_order(const CallSite& call, std::string_view what, const Assigned<Part>& assigned,
                           const std::vector<std::string>& outputs, const Part& otherwise) {
  std::vector<Part> result(outputs.size(), otherwise);
  if (!assigned.by_name) {
    if (assigned.parts.empty()) return result;
    if (assigned.parts.size() != outputs.size()) {
      throw call.value_error(std::string(what) + " has " + std::to_string(assigned.parts.size()) +
                             " parts, the model has " + std::to_string(outputs.size()) + " outputs");
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) result[i] = assigned.parts[i].second;
    return result;
  }
  const std::vector<std::string_view> known(outputs.begin(), outputs.end());
  for (const auto& [name, part] : assigned.parts) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end())
      throw call.value_error(std::string(what) + ": " + unknown_name("output", name, known));
    result[static_cast<std::size_t>(found - known.begin())] = part;
  }
  return result;
}

// One loss stands for all outputs.
std::vector<Loss> losses(const CallSite& call, const Losses& given, const std::vector<std::string>& outputs) {
  const Assigned<Loss>& assigned = given.assigned();
  if (!assigned.by_name && assigned.parts.size() == 1) {
    return std::vector<Loss>(outputs.size(), assigned.parts.front().second);
  }
  return in_order(call, "loss", assigned, outputs, Loss());
}

// A list without names is the only output's, or holds one metric for each.
std::vector<std::vector<Metric>> metrics(const CallSite& call, std::string_view what, const Metrics& given,
                                         const std::vector<std::string>& outputs) {
  Assigned<std::vector<Metric>> assigned = given.assigned();
  if (!assigned.by_name && outputs.size() > 1 && assigned.parts.size() == 1) {
    const std::vector<Metric> list = std::move(assigned.parts.front().second);
    assigned.parts.clear();
    for (const Metric& metric : list) assigned.parts.push_back({"", {metric}});
  }
  return in_order(call, what, assigned, outputs, {});
}

// A metric gathers: one object in two places would mix what they see.
void require_own_metrics(const CallSite& call, const std::vector<Head>& heads) {
  std::vector<Metric> seen;
  for (const Head& head : heads) {
    for (const auto* metrics : {&head.metrics, &head.weighted_metrics}) {
      for (const Metric& metric : *metrics) {
        for (const Metric& other : seen) {
          if (metric.is(other)) {
            throw call.value_error("metric '" + metric.name() +
                                   "' is given in two places: make one for each");
          }
        }
        seen.push_back(metric);
      }
    }
  }
}

}  // namespace

std::vector<Head> heads(const CallSite& call, const Model::Kind& model) {
  const CompileOptions& options = model.training().options;
  std::vector<std::string> names;
  for (const Model::Kind::Port& port : model.outputs()) names.push_back(port.name);
  const std::vector<Loss> loss = losses(call, options.loss, names);
  const std::vector<double> weight =
      in_order(call, "loss_weights", options.loss_weights.assigned(), names, 1.0);
  const auto plain = metrics(call, "metrics", options.metrics, names);
  const auto weighted = metrics(call, "weighted_metrics", options.weighted_metrics, names);
  std::vector<Head> result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!std::isfinite(weight[i])) {
      throw call.value_error("loss_weights must be finite; that of '" + names[i] + "' is " +
                             scalar_text(weight[i]));
    }
    result.push_back({names[i], loss[i], weight[i], plain[i], weighted[i]});
  }
  require_own_metrics(call, result);
  return result;
}

std::vector<std::string> log_names(const CallSite& call, const std::vector<Head>& heads) {
  std::vector<std::string> names;
  std::set<std::string, std::less<>> taken = {"loss"};
  const auto add = [&](std::string name) {
    if (!taken.insert(name).second) {
      throw call.value_error("two entries of the logs would be called '" + name + "'");
    }
    names.push_back(std::move(name));
  };
  const bool several = heads.size() > 1;
  for (const Head& head : heads) {
    if (several && head.loss.defined()) add(head.name + "_loss");
    for (const auto* metrics : {&head.metrics, &head.weighted_metrics}) {
      for (const Metric& metric : *metrics) add(several ? head.name + "_" + metric.name() : metric.name());
    }
  }
  return names;
}

}  // namespace gradus::training
