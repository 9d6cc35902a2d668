#include <gradus/graph/suggest.h>
#include <gradus/models/model_kind.h>
#include <gradus/models/saving/weights.h>
#include <gradus/models/summary.h>

#include <iostream>
#include <set>

namespace gradus {

Model::Kind& Model::model_kind() const { return static_cast<Kind&>(kind()); }

void Model::compile(CompileOptions options, SourceLocation where) const {
  const CallSite call{"compile", where};
  Kind& kind = model_kind();
  std::set<std::string, std::less<>> names = {"loss"};
  for (const auto* metrics : {&options.metrics, &options.weighted_metrics}) {
    for (const Metric& metric : *metrics) {
      if (!names.insert(metric.name()).second) {
        throw call.value_error("two entries of the logs would be called '" + metric.name() + "'");
      }
    }
  }
  if (options.matmul_precision) {
    try {
      options.matmul_precision = available_matmul_precision("matmul_precision", *options.matmul_precision,
                                                            {options.bfloat16_fallback});
    } catch (const StateError& error) {
      throw call.state_error(error.what());
    }
  }
  kind.training().options = std::move(options);
  kind.training().trained.clear();
  kind.training().compiled = true;
}

bool Model::compiled() const { return model_kind().training().compiled; }
void Model::stop_training() const { model_kind().training().stop = true; }
std::uint64_t Model::seed() const { return model_kind().seed(); }
DType Model::dtype() const { return model_kind().dtype(); }
std::vector<Layer> Model::layers() const { return model_kind().layers(); }

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
