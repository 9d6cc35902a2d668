#include <gradus/graph/error.h>
#include <gradus/models/functional.h>
#include <gradus/models/sample_shape.h>
#include <gradus/models/summary.h>
#include <gradus/models/text_table.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace gradus {

namespace {

constexpr std::int64_t kMostColumns = 10000;

std::string with_separators(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (auto place = static_cast<std::int64_t>(digits.size()) - 3; place > 0; place -= 3) {
    digits.insert(static_cast<std::size_t>(place), ",");
  }
  return digits;
}

struct Total {
  std::int64_t count = 0;
  double bytes = 0;
  void add(const Tensor& tensor) {
    count += tensor.size();
    bytes += static_cast<double>(tensor.bytes());
  }
};

std::string total_text(const char* what, const Total& total) {
  constexpr std::array<const char*, 6> kUnits = {"B", "KB", "MB", "GB", "TB", "PB"};
  double size = total.bytes;
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  std::array<char, 48> amount;
  std::snprintf(amount.data(), amount.size(), "%.2f %s", size, kUnits[unit]);
  return std::string(" ") + what + " params: " + with_separators(total.count) + " (" + amount.data() + ")\n";
}

std::string totals_text(const Model& model) {
  Total all, trainable, frozen, optimizer;
  for (const Weight& weight : model.weight_list()) {
    (weight.trainable ? trainable : frozen).add(weight.parameter.value());
    all.add(weight.parameter.value());
  }
  const bool trained = model.compiled() && model.optimizer().built();
  if (trained) {
    for (const auto& [name, value] : model.optimizer().variables()) {
      optimizer.add(value);
      all.add(value);
    }
  }
  return total_text("Total", all) + total_text("Trainable", trainable) + total_text("Non-trainable", frozen) +
         (trained ? total_text("Optimizer", optimizer) : "");
}

// Where a layer of a model stands: its row but for the name's indentation.
struct Entry {
  Layer layer;
  std::string output = "?";
  std::string connected = "-";
};

std::string shapes_text(const std::vector<Shape>& shapes) {
  if (shapes.size() == 1) return batch_text(shapes.front());
  std::string text = "[";
  for (const Shape& shape : shapes) text += (text.size() > 1 ? ", " : "") + batch_text(shape);
  return text + "]";
}

std::vector<Entry> chain_entries(const Model::Kind& model) {
  std::vector<Entry> entries;
  std::vector<Shape> shapes;
  if (model.built()) {
    for (const Model::Kind::Port& port : model.inputs()) shapes.push_back(port.shape);
  }
  for (const Layer& layer : model.layers()) {
    entries.push_back({layer});
    if (shapes.empty()) continue;
    shapes = layer.output_shapes(shapes);
    entries.back().output = shapes_text(shapes);
  }
  return entries;
}

// A model of one's own does not say in which order its layers are called, nor on what: the table lists them.
std::vector<Entry> listed_entries(const Model::Kind& model) {
  std::vector<Entry> entries;
  for (const Layer& layer : model.layers()) {
    entries.push_back({layer});
    if (!layer.built() || layer.kind().input_shape().rank() == 0) continue;
    entries.back().output = shapes_text(layer.output_shapes({layer.kind().input_shape()}));
  }
  return entries;
}

// "dense[0][1]": the layer, which of its calls, and which of that call's outputs.
std::vector<Entry> graph_entries(const FunctionalKind& model) {
  std::vector<Entry> entries;
  for (const Layer& layer : model.layers()) entries.push_back({layer});
  std::vector<std::string> sources;  // of each value
  for (const Model::Kind::Port& input : model.inputs()) {
    const std::size_t place = model.layer_of_value(sources.size());
    if (place != FunctionalKind::kNoLayer) entries[place].output = batch_text(input.shape);
    sources.push_back(input.name + "[0][0]");
  }
  std::vector<int> calls(entries.size(), 0);
  for (const FunctionalKind::Step& step : model.steps()) {
    const std::size_t place = model.layer_of_value(step.first_output);
    Entry& entry = entries[place];
    entry.output = shapes_text(step.output_shapes);
    if (entry.connected == "-") entry.connected.clear();
    for (const std::size_t value : step.inputs) {
      entry.connected += (entry.connected.empty() ? "" : ", ") + sources[value];
    }
    const std::string source = step.layer.name() + "[" + std::to_string(calls[place]++) + "]";
    for (std::size_t i = 0; i < step.output_shapes.size(); ++i) {
      sources.push_back(source + "[" + std::to_string(i) + "]");
    }
  }
  return entries;
}

// Layers one after another, each called once on one input: then nobody asks what is connected to what.
bool is_chain(const FunctionalKind& model) {
  if (model.inputs().size() != 1 || model.steps().size() + 1 != model.layers().size()) return false;
  std::size_t value = 0;
  for (const FunctionalKind::Step& step : model.steps()) {
    if (step.inputs.size() != 1 || model.layer_of_value(step.inputs[0]) != model.layer_of_value(value)) {
      return false;
    }
    value = step.first_output;
  }
  return true;
}

std::vector<Entry> entries_of(const Model::Kind& model) {
  if (const auto* functional = dynamic_cast<const FunctionalKind*>(&model)) return graph_entries(*functional);
  return model.is_chain() ? chain_entries(model) : listed_entries(model);
}

void add_rows(const Model::Kind& model, const SummaryOptions& options, bool connections,
              const std::string& prefix, TextTable& table) {
  for (const Entry& entry : entries_of(model)) {
    const Layer& layer = entry.layer;
    const std::int64_t count = layer.count_params();
    std::vector<std::string> row = {
        prefix + layer.name() + " (" + layer.class_name() + ")", entry.output,
        with_separators(count) + (layer.built() || layer.class_name() == "InputLayer" ? "" : " (unbuilt)")};
    if (connections) row.push_back(entry.connected);
    if (options.show_trainable) row.push_back(count == 0 ? "-" : layer.trainable() ? "Y" : "N");
    table.add_row(std::move(row));
    const auto* inner = dynamic_cast<const Model::Kind*>(&layer.kind());
    if (options.expand_nested && inner != nullptr) {
      add_rows(*inner, options, connections, prefix.empty() ? "   └ " : "   " + prefix, table);
    }
  }
}

}  // namespace

std::string summary_text(const Model& model, SummaryOptions options) {
  const auto& kind = static_cast<const Model::Kind&>(model.kind());
  const auto* functional = dynamic_cast<const FunctionalKind*>(&kind);
  const bool connections = functional != nullptr && !is_chain(*functional);

  using Align = TextTable::Align;
  std::vector<TextTable::Column> columns;
  if (connections) {
    columns = {{"Layer (type)", 0.3},
               {"Output Shape", 0.56},
               {"Param #", 0.74, Align::right},
               {"Connected to", 1.0}};
  } else {
    columns = {{"Layer (type)", 0.45}, {"Output Shape", 0.8}, {"Param #", 1.0, Align::right}};
  }
  std::int64_t line_length = connections ? 108 : 88;
  if (options.show_trainable) {
    for (TextTable::Column& column : columns) column.end *= 0.9;
    columns.push_back({"Trainable", 1.0, Align::center});
    line_length += 12;
  }
  line_length = options.line_length.value_or(line_length);
  if (line_length < 40 || line_length > kMostColumns) {
    throw ValueError("summary: line_length must be at " +
                     (line_length < 40 ? "least 40" : "most " + std::to_string(kMostColumns)) + ", got " +
                     std::to_string(line_length));
  }
  TextTable table(std::move(columns), line_length);
  add_rows(kind, options, connections, "", table);
  return "Model: \"" + model.name() + "\"\n" + table.text() + totals_text(model);
}

}  // namespace gradus
