#pragma once

#include <gradus/models/call_site.h>
#include <gradus/models/model_kind.h>

namespace gradus::training {

// An output of a model with what compile said of it.
struct Head {
  std::string name = {};
  Loss loss = {};  // none: the output is not trained
  double loss_weight = 1;
  std::vector<Metric> metrics = {};
  std::vector<Metric> weighted_metrics = {};
};

// What each output of the model is trained by. REQUIRES a built and compiled model. ValueError for a name
// that is no output, or for another number of parts than there are outputs.
std::vector<Head> heads(const CallSite& call, const Model::Kind& model);

// The names of the logs beside "loss": of each head's loss where there are several, then of its metrics.
std::vector<std::string> log_names(const CallSite& call, const std::vector<Head>& heads);

}  // namespace gradus::training
