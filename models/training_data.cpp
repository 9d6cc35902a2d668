#include <gradus/graph/number_text.h>
#include <gradus/models/training_data.h>

#include <algorithm>
#include <cmath>

namespace gradus::training {

namespace {

std::string expected(const Shape& sample) {
  std::string text = "(None";
  for (const std::int64_t extent : sample) text += ", " + std::to_string(extent);
  return text + ")";
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
  const Shape output = model.built_output_shape();
  return output.rank() == 0 || output.back() == 1 ? 2 : output.back();
}

}  // namespace

Tensor input(const CallSite& call, const Model::Kind& model, const Tensor& x) {
  if (!x.defined()) throw call.value_error("x is missing: the Tensor has no values");
  if (x.rank() == 0) throw call.shape_error("x is a scalar; it needs samples along its first axis");
  const Tensor samples = x.rank() == 1 ? x.reshape({x.dim(0), 1}) : x;
  if (model.built()) {
    const Shape& wanted = model.input_shape();
    const Shape got(std::span(samples.shape().begin() + 1, samples.shape().end()));
    if (got != wanted) {
      std::string text =
          "x is " + to_string(x.shape()) + ", model '" + model.name() + "' takes " + expected(wanted);
      if (got.rank() == 1 && wanted.rank() == 1) {
        text += ": expected " + std::to_string(wanted[0]) + " features, got " + std::to_string(got[0]);
        if (x.rank() == 1) text += " (a Tensor of rank 1 is one feature of many samples)";
      }
      throw call.shape_error(text);
    }
  }
  return samples.cast(model.dtype());
}

Data data(const CallSite& call, const Model::Kind& model, const Tensor& x, const Tensor& y,
          const Tensor& sample_weight) {
  Data data{input(call, model, x), y, sample_weight};
  const std::int64_t rows = data.x.dim(0);
  if (rows == 0) throw call.value_error("there is no data: x is " + to_string(x.shape()));
  if (!y.defined()) throw call.value_error("y is missing: the Tensor has no values");
  if (y.rank() == 0) throw call.shape_error("y is a scalar; it needs samples along its first axis");
  if (y.dim(0) != rows) {
    throw call.shape_error("x has " + std::to_string(rows) + " rows, y has " + std::to_string(y.dim(0)) +
                           ": x is " + to_string(x.shape()) + ", y is " + to_string(y.shape()));
  }
  if (is_floating(y.dtype())) data.y = y.cast(model.dtype());
  if (!sample_weight.defined()) return data;
  if (sample_weight.size() != rows || sample_weight.rank() == 0 || sample_weight.dim(0) != rows) {
    throw call.shape_error("sample_weight is " + to_string(sample_weight.shape()) +
                           ", it needs one weight for each of the " + std::to_string(rows) + " samples");
  }
  data.sample_weight = sample_weight.reshape({rows}).cast(model.dtype());
  const std::vector<double> weights = data.sample_weight.to_vector<double>();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] >= 0) || std::isinf(weights[i])) {
      throw call.value_error("sample_weight must be finite and not negative; that of sample " +
                             std::to_string(i) + " is " + scalar_text(weights[i]));
    }
  }
  return data;
}

Data weighted(const CallSite& call, const Model::Kind& model, Data data, const ClassWeight& class_weight) {
  if (class_weight.empty()) return data;
  if (data.sample_weight.defined()) {
    throw call.value_error(
        "class_weight and sample_weight cannot both be given: multiply one into the other");
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
  const std::int64_t rows = data.y.dim(0), width = data.y.size() / rows;
  data.sample_weight = Tensor::ones({rows}, data.x.dtype());
  dispatch(data.y.dtype(), [&]<class L>() {
    dispatch_floating(data.x.dtype(), [&]<class W>() {
      for (std::int64_t row = 0; row < rows; ++row) {
        const auto found = class_weight.find(class_of(call, data.y.raw<L>() + row * width, width, row));
        if (found != class_weight.end()) data.sample_weight.raw<W>()[row] = static_cast<W>(found->second);
      }
    });
  });
  return data;
}

Split split(const CallSite& call, const Data& data, double fraction) {
  if (!(fraction >= 0 && fraction < 1)) {
    throw call.value_error("validation_split must be in [0, 1), got " + scalar_text(fraction));
  }
  if (fraction == 0) return {data, {}};
  const std::int64_t rows = data.x.dim(0);
  const auto at = static_cast<std::int64_t>(std::floor(static_cast<double>(rows) * (1 - fraction)));
  if (at == 0 || at == rows) {
    throw call.value_error("validation_split " + scalar_text(fraction) + " of " + std::to_string(rows) +
                           " samples leaves none for " + (at == 0 ? "training" : "validation"));
  }
  const auto part = [](const Tensor& tensor, std::int64_t begin, std::int64_t end) {
    return tensor.defined() ? tensor.rows(begin, end) : Tensor();
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

int verbosity(const CallSite& call, Verbose verbose) {
  if (verbose.level() < 0 || verbose.level() > 2) {
    throw call.value_error("verbose must be 0, 1, 2 or \"auto\", got " + std::to_string(verbose.level()));
  }
  return verbose.level();
}

}  // namespace gradus::training
