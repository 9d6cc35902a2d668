#include <gradus/graph/suggest.h>
#include <gradus/models/model_kind.h>
#include <gradus/models/saving/weights.h>
#include <gradus/models/summary.h>
#include <gradus/models/training/heads.h>

#include <iostream>
#include <utility>

namespace gradus {

namespace {

// What holds for any number of outputs.
void require_names_differ(const CallSite& call, const CompileOptions& options) {
  if (options.metrics.assigned().by_name || options.weighted_metrics.assigned().by_name) return;
  training::Head head;
  for (const auto& [output, metrics] : options.metrics.assigned().parts) head.metrics = metrics;
  for (const auto& [output, metrics] : options.weighted_metrics.assigned().parts) {
    head.weighted_metrics = metrics;
  }
  training::log_names(call, {head});
}

}  // namespace

Model::Kind& Model::model_kind() const { return static_cast<Kind&>(kind()); }

void Model::compile(CompileOptions options, SourceLocation where) const {
  const CallSite call{"compile", where};
  Kind& kind = model_kind();
  require_names_differ(call, options);
  if (options.matmul_precision) {
    try {
      options.matmul_precision = available_matmul_precision("matmul_precision", *options.matmul_precision,
                                                            {options.bfloat16_fallback});
    } catch (const StateError& error) {
      throw call.state_error(error.what());
    }
  }
  Kind::Training& training = kind.training();
  CompileOptions before = std::exchange(training.options, std::move(options));
  if (kind.built()) {
    try {
      training::log_names(call, training::heads(call, kind));
    } catch (...) {
      training.options = std::move(before);
      throw;
    }
  }
  training.trained.clear();
  training.compiled = true;
}

bool Model::compiled() const { return model_kind().training().compiled; }
void Model::stop_training() const { model_kind().training().stop = true; }
std::uint64_t Model::seed() const { return model_kind().seed(); }
DType Model::dtype() const { return model_kind().dtype(); }
std::vector<Layer> Model::layers() const { return model_kind().layers(); }

namespace {

std::vector<std::string> names_of(const std::vector<Model::Kind::Port>& ports) {
  std::vector<std::string> names;
  for (const Model::Kind::Port& port : ports) names.push_back(port.name);
  return names;
}

}  // namespace

std::vector<std::string> Model::input_names() const {
  model_kind().require_built({"input_names", {}});
  return names_of(model_kind().inputs());
}

std::vector<std::string> Model::output_names() const {
  model_kind().require_built({"output_names", {}});
  return names_of(model_kind().outputs());
}

std::vector<std::string> Model::metrics_names() const {
  const CallSite call{"metrics_names", {}};
  model_kind().require_compiled(call);
  model_kind().require_built(call);
  std::vector<std::string> names = training::log_names(call, training::heads(call, model_kind()));
  names.insert(names.begin(), "loss");
  return names;
}

const Optimizer& Model::optimizer() const {
  if (!compiled()) throw StateError("optimizer: model '" + name() + "' is not compiled: call compile first");
  return model_kind().training().options.optimizer;
}

Layer Model::get_layer(std::string_view name) const {
  const std::vector<Layer> all = layers();
  std::vector<std::string_view> known;
  for (const Layer& layer : all) {
    if (layer.name() == name) return layer;
    known.push_back(layer.name());
  }
  throw ValueError("get_layer: " + unknown_name("layer", name, known));
}

Layer Model::layer_at(std::int64_t index) const {
  const std::vector<Layer> all = layers();
  const auto count = static_cast<std::int64_t>(all.size());
  if (index < -count || index >= count) {
    throw ValueError("get_layer: index " + std::to_string(index) + " is out of range: model '" + name() +
                     "' has " + std::to_string(count) + " layers");
  }
  return all[static_cast<std::size_t>(index < 0 ? index + count : index)];
}

void Model::summary(SummaryOptions options) const { summary(std::cout, options); }
void Model::summary(std::ostream& out, SummaryOptions options) const {
  model_kind().require_built({"summary", {}});
  out << summary_text(*this, options);
}

void Model::save_weights(const std::string& path) const {
  model_kind().require_built({"save_weights", {}});
  saving::save_weights(path, *this);
}
void Model::load_weights(const std::string& path) const {
  model_kind().require_built({"load_weights", {}});
  saving::load_weights(path, *this);
}

}  // namespace gradus
