#include <gradus/graph/number_text.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/sample_shape.h>
#include <gradus/models/training/training_data.h>

#include <algorithm>
#include <cmath>

namespace gradus::training {

namespace {

// "x", or "x['pictures']" where there are several.
std::string part_text(std::string_view what, const std::vector<Model::Kind::Port>& ports, std::size_t place) {
  const std::string text(what);
  if (ports.size() <= 1) return text;
  return text + "['" + ports[place].name + "']";
}

// The tensors in the order of the ports. Where those are not known yet, as given.
Tensors in_order(const CallSite& call, std::string_view what, const Model::Kind& model,
                 const std::vector<Model::Kind::Port>& ports, const Tensors& given) {
  if (!model.built()) {
    if (!given.named()) return given;
    throw call.value_error(std::string(what) + " is given by names, which model '" + model.name() +
                           "' has only once it is built");
  }
  const bool some = given.named() && what == "y";  // an output without a loss needs no labels
  if (given.size() != ports.size() && !(some && given.size() < ports.size())) {
    throw call.value_error(std::string(what) + " is " + std::to_string(given.size()) +
                           (given.size() == 1 ? " tensor, model '" : " tensors, model '") + model.name() +
                           "' has " + std::to_string(ports.size()) + (what == "x" ? " input" : " output") +
                           (ports.size() == 1 ? "" : "s"));
  }
  if (!given.named()) return given;
  std::vector<std::string_view> known;
  for (const Model::Kind::Port& port : ports) known.push_back(port.name);
  std::vector<Tensor> ordered(ports.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto found = std::find(known.begin(), known.end(), given.names()[i]);
    if (found == known.end()) {
      throw call.value_error(std::string(what) + ": " +
                             unknown_name(what == "x" ? "input" : "output", given.names()[i], known));
    }
    ordered[static_cast<std::size_t>(found - known.begin())] = given[i];
  }
  return ordered;
}

void require_samples(const CallSite& call, const std::string& what, const Tensor& tensor) {
  if (!tensor.defined()) throw call.value_error(what + " is missing: the Tensor has no values");
  if (tensor.rank() == 0)
    throw call.shape_error(what + " is a scalar; it needs samples along its first axis");
}

Tensor one_input(const CallSite& call, const Model::Kind& model, const std::string& what, const Tensor& x,
                 const Model::Kind::Port* port) {
  const bool scalars = port != nullptr && port->shape.rank() == 0;
  const Tensor samples = x.rank() == 1 && !scalars ? x.reshape({x.dim(0), 1}) : x;
  if (port == nullptr) return samples.cast(model.dtype());
  const Shape& wanted = port->shape;
  const Shape got = sample_shape(samples.shape());
  if (got != wanted) {
    std::string text =
        what + " is " + to_string(x.shape()) + ", model '" + model.name() + "' takes " + batch_text(wanted);
    if (got.rank() == 1 && wanted.rank() == 1) {
      text += ": expected " + std::to_string(wanted[0]) + " features, got " + std::to_string(got[0]);
      if (x.rank() == 1) text += " (a Tensor of rank 1 is one feature of many samples)";
    }
    throw call.shape_error(text);
  }
  return samples.cast(port->dtype.value_or(model.dtype()));
}

// One weight for each sample, or one for each of the values that the loss of a sequence has.
Tensor one_weight(const CallSite& call, const Model::Kind& model, const Tensor& weight, const Tensor& y) {
  const std::int64_t rows = y.dim(0);
  const bool column = weight.rank() == 2 && weight.dim(0) == rows && weight.dim(1) == 1;
  bool fits = weight.rank() == 1 || (weight.rank() >= 2 && weight.rank() <= y.rank());
  for (int axis = 0; fits && axis < weight.rank(); ++axis) fits = weight.dim(axis) == y.dim(axis);
  if (!fits && !column) {
    throw call.shape_error("sample_weight is " + to_string(weight.shape()) +
                           ", it needs one weight for each of the " + std::to_string(rows) + " samples");
  }
  const Tensor result = (column ? weight.reshape({rows}) : weight).cast(model.dtype());
  const std::vector<double> values = result.to_vector<double>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] >= 0) || std::isinf(values[i])) {
      throw call.value_error("sample_weight must be finite and not negative; that of sample " +
                             std::to_string(i / (values.size() / static_cast<std::size_t>(rows))) + " is " +
                             scalar_text(values[i]));
    }
  }
  return result;
}

// The label as a class: a number, or the place of the largest value in a row of several.
template <class T>
std::int64_t class_of(const CallSite& call, const T* label, std::int64_t width, std::int64_t row) {
  if (width > 1) return std::max_element(label, label + width) - label;
  const auto value = static_cast<double>(*label);
  if (value != std::trunc(value) || std::abs(value) > 0x1p53) {
    throw call.value_error("class_weight needs labels that are class numbers; the label of sample " +
                           std::to_string(row) + " is " + scalar_text(value));
  }
  return static_cast<std::int64_t>(value);
}

// A single output tells two classes apart.
std::int64_t class_count(const Model::Kind& model) {
  const Shape output = model.outputs().front().shape;
  return output.rank() == 0 || output.back() == 1 ? 2 : output.back();
}

std::vector<Model::Kind::Port> known_ports(const Model::Kind& model, bool inputs) {
  if (!model.built()) return {};
  return inputs ? model.inputs() : model.outputs();
}

}  // namespace

std::vector<Shape> sample_shapes(const Tensors& x) {
  std::vector<Shape> shapes;
  for (const Tensor& tensor : x) shapes.push_back(sample_shape(tensor.shape()));
  return shapes;
}

Tensors input(const CallSite& call, const Model::Kind& model, const Tensors& x) {
  if (!x.defined()) throw call.value_error("x is missing: the Tensor has no values");
  const std::vector<Model::Kind::Port> ports = known_ports(model, true);
  const Tensors given = in_order(call, "x", model, ports, x);
  std::vector<Tensor> samples;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string what = part_text("x", ports, i);
    require_samples(call, what, given[i]);
    samples.push_back(one_input(call, model, what, given[i], ports.empty() ? nullptr : &ports[i]));
    if (samples.back().dim(0) != samples.front().dim(0)) {
      throw call.shape_error("the inputs differ in their rows: " + part_text("x", ports, 0) + " is " +
                             to_string(given[0].shape()) + ", " + what + " is " +
                             to_string(given[i].shape()));
    }
  }
  return samples;
}

Data data(const CallSite& call, const Model::Kind& model, const Tensors& x, const Tensors& y,
          const Tensors& sample_weight) {
  Data data{input(call, model, x), {}, {}};
  const std::int64_t rows = data.x[0].dim(0);
  if (rows == 0) throw call.value_error("there is no data: x is " + to_string(x[0].shape()));
  if (!y.defined()) throw call.value_error("y is missing: the Tensor has no values");
  const std::vector<Model::Kind::Port> ports = known_ports(model, false);
  data.y = in_order(call, "y", model, ports, y);
  for (std::size_t i = 0; i < data.y.size(); ++i) {
    const std::string what = part_text("y", ports, i);
    if (data.y.size() > 1 && !data.y[i].defined()) continue;
    require_samples(call, what, data.y[i]);
    if (data.y[i].dim(0) != rows) {
      throw call.shape_error("x has " + std::to_string(rows) + " rows, " + what + " has " +
                             std::to_string(data.y[i].dim(0)) + ": x is " + to_string(x[0].shape()) + ", " +
                             what + " is " + to_string(data.y[i].shape()));
    }
    if (is_floating(data.y[i].dtype())) data.y[i] = data.y[i].cast(model.dtype());
  }
  if (!sample_weight.defined()) return data;
  const Tensors given = sample_weight.size() == 1 && !sample_weight.named()
                            ? sample_weight
                            : in_order(call, "sample_weight", model, ports, sample_weight);
  std::vector<Tensor> weights;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Tensor& labels = data.y[std::min(i, data.y.size() - 1)];
    weights.push_back(labels.defined() ? one_weight(call, model, given[i], labels) : Tensor());
  }
  data.sample_weight = weights;
  return data;
}

Data weighted(const CallSite& call, const Model::Kind& model, Data data, const ClassWeight& class_weight) {
  if (class_weight.empty()) return data;
  if (data.sample_weight.defined()) {
    throw call.value_error(
        "class_weight and sample_weight cannot both be given: multiply one into the other");
  }
  if (data.y.size() != 1) {
    throw call.value_error("class_weight needs a model of one output, '" + model.name() + "' has " +
                           std::to_string(data.y.size()));
  }
  const std::int64_t classes = class_count(model);
  for (const auto& [label, weight] : class_weight) {
    if (label < 0 || label >= classes) {
      throw call.value_error("class_weight names class " + std::to_string(label) + ", model '" +
                             model.name() + "' has " + std::to_string(classes) + " classes");
    }
    if (!(weight >= 0) || std::isinf(weight)) {
      throw call.value_error("class_weight must be finite and not negative; that of class " +
                             std::to_string(label) + " is " + scalar_text(weight));
    }
  }
  const Tensor& labels = data.y[0];
  const int output_rank = model.outputs().front().shape.rank();
  if (output_rank > 1) {
    throw call.value_error(
        "class_weight says nothing about outputs of several values a sample; give each value a "
        "sample_weight");
  }
  const std::int64_t rows = labels.dim(0), width = labels.size() / rows;
  const Tensor weights = Tensor::ones({rows}, model.dtype());
  dispatch(labels.dtype(), [&]<class L>() {
    dispatch_floating(weights.dtype(), [&]<class W>() {
      for (std::int64_t row = 0; row < rows; ++row) {
        const auto found = class_weight.find(class_of(call, labels.raw<L>() + row * width, width, row));
        if (found != class_weight.end()) weights.raw<W>()[row] = static_cast<W>(found->second);
      }
    });
  });
  data.sample_weight = weights;
  return data;
}

Split split(const CallSite& call, const Data& data, double fraction) {
  if (!(fraction >= 0 && fraction < 1)) {
    throw call.value_error("validation_split must be in [0, 1), got " + scalar_text(fraction));
  }
  if (fraction == 0) return {data, {}};
  const std::int64_t rows = data.x[0].dim(0);
  const auto at = static_cast<std::int64_t>(std::floor(static_cast<double>(rows) * (1 - fraction)));
  if (at == 0 || at == rows) {
    throw call.value_error("validation_split " + scalar_text(fraction) + " of " + std::to_string(rows) +
                           " samples leaves none for " + (at == 0 ? "training" : "validation"));
  }
  const auto part = [](const Tensors& tensors, std::int64_t begin, std::int64_t end) {
    std::vector<Tensor> parts;
    for (const Tensor& tensor : tensors)
      parts.push_back(tensor.defined() ? tensor.rows(begin, end) : Tensor());
    return Tensors(std::move(parts));
  };
  return {{part(data.x, 0, at), part(data.y, 0, at), part(data.sample_weight, 0, at)},
          {part(data.x, at, rows), part(data.y, at, rows), part(data.sample_weight, at, rows)}};
}

std::int64_t positive(const CallSite& call, const char* what, Count count) {
  if (count.value() < 1) {
    throw call.value_error(std::string(what) + " must be positive, got " + std::to_string(count.value()));
  }
  return count.value();
}

std::int64_t not_negative(const CallSite& call, const char* what, Count count) {
  if (count.value() < 0) {
    throw call.value_error(std::string(what) + " must not be negative, got " + std::to_string(count.value()));
  }
  return count.value();
}

std::int64_t limited_steps(const CallSite& call, const char* what, const std::optional<Count>& steps,
                           std::int64_t all) {
  if (!steps) return all;
  const std::int64_t wanted = positive(call, what, *steps);
  if (wanted > all) {
    throw call.value_error(std::string(what) + " is " + std::to_string(wanted) + ", the data has " +
                           std::to_string(all) + " batches");
  }
  return wanted;
}

std::optional<std::int64_t> optional_steps(const CallSite& call, const char* what,
                                           const std::optional<Count>& steps) {
  if (!steps) return {};
  return positive(call, what, *steps);
}

int verbosity(const CallSite& call, Verbose verbose) {
  if (verbose.level() < 0 || verbose.level() > 2) {
    throw call.value_error("verbose must be 0, 1, 2 or \"auto\", got " + std::to_string(verbose.level()));
  }
  return verbose.level();
}

}  // namespace gradus::training
