#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/checks.h>
#include <gradus/models/data/label_pairs.h>

#include <algorithm>
#include <cmath>

namespace gradus::data {

namespace {

// [n] or [n, 1] as [n]
Tensor column(const std::string& call, const char* name, const Tensor& y) {
  const std::int64_t n = rows_of(call, name, y);
  if (y.size() != n || y.rank() > 2) {
    throw ShapeError(call + ": " + name + " is " + to_string(y.shape()) +
                     ", it needs one class label a sample (of probabilities, take argmax first)");
  }
  dispatch(y.dtype(), [&]<class T>() {
    const auto values = y.values<T>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto value = static_cast<double>(values[i]);
      if (value == std::trunc(value)) continue;
      throw ValueError(call + ": " + name + " has " + scalar_text(value) + " in row " + std::to_string(i) +
                       ", which is no class (of probabilities, take argmax first)");
    }
  });
  return y.reshape({n});
}

// The dtype that holds the labels of both: whole numbers as int64, else float64.
DType shared_dtype(const std::vector<Tensor>& parts) {
  const auto is = [&](auto test) { return std::all_of(parts.begin(), parts.end(), test); };
  if (is([](const Tensor& t) { return t.dtype() == DType::boolean; })) return DType::boolean;
  return is([](const Tensor& t) { return !is_floating(t.dtype()); }) ? DType::int64 : DType::float64;
}

Tensor joined(const std::vector<Tensor>& parts) {
  std::int64_t size = 0;
  for (const Tensor& part : parts) size += part.size();
  const DType dtype = shared_dtype(parts);
  Tensor result = Tensor::empty({size}, dtype);
  dispatch(dtype, [&]<class T>() {
    T* out = result.raw<T>();
    for (const Tensor& part : parts) {
      const Tensor same = part.cast(dtype);
      out = std::copy_n(same.raw<T>(), same.size(), out);
    }
  });
  return result;
}

// The first label of each class.
Tensor representatives(const Tensor& all, const std::vector<std::int64_t>& places) {
  Tensor result = Tensor::empty({static_cast<std::int64_t>(places.size())}, all.dtype());
  dispatch(all.dtype(), [&]<class T>() {
    for (std::size_t i = 0; i < places.size(); ++i) result.raw<T>()[i] = all.raw<T>()[places[i]];
  });
  return result;
}

void take_weights(const std::string& call, const Tensor& given, std::int64_t n, LabelPairs& pairs) {
  pairs.weight.assign(static_cast<std::size_t>(n), 1.0);
  if (!given.defined()) return;
  if (given.rank() != 1 || given.dim(0) != n) {
    throw ShapeError(call + ": sample_weight is " + to_string(given.shape()) +
                     ", it needs one weight for each of the " + std::to_string(n) + " samples");
  }
  pairs.weight = given.to_vector<double>();
  for (const double weight : pairs.weight) require_spread(call, "a sample_weight", weight);
  pairs.whole_weights = !is_floating(given.dtype());
}

}  // namespace

LabelPairs label_pairs(const std::string& call, const Tensor& y_true, const Tensor& y_pred,
                       const Tensor& labels, const Tensor& sample_weight) {
  const Tensor truth = column(call, "y_true", y_true), guess = column(call, "y_pred", y_pred);
  const std::int64_t n = truth.dim(0);
  if (guess.dim(0) != n) {
    throw ShapeError(call + ": y_true has " + std::to_string(n) + " labels, y_pred has " +
                     std::to_string(guess.dim(0)));
  }
  std::vector<Tensor> parts = {truth, guess};
  if (labels.defined()) parts.insert(parts.begin(), column(call, "labels", labels));
  const Tensor all = joined(parts);
  const Classes classes(call, all);

  LabelPairs pairs;
  take_weights(call, sample_weight, n, pairs);
  // Classes are listed in ascending order, but those asked for come first, in the order given.
  std::vector<std::int64_t> order;
  std::vector<std::int64_t> place(classes.count(), -1);
  const auto list = [&](std::int64_t code) {
    place[static_cast<std::size_t>(code)] = static_cast<std::int64_t>(order.size());
    order.push_back(classes.first()[static_cast<std::size_t>(code)]);
  };
  const std::size_t given = labels.defined() ? static_cast<std::size_t>(labels.size()) : 0;
  for (std::size_t i = 0; i < given; ++i) {
    const std::int64_t code = classes.codes()[i];
    if (place[static_cast<std::size_t>(code)] >= 0) {
      throw ValueError(call + ": labels has " + classes.text(static_cast<std::size_t>(code)) + " twice");
    }
    list(code);
  }
  for (std::size_t code = 0; code < place.size(); ++code) {
    if (place[code] < 0) list(static_cast<std::int64_t>(code));
  }
  pairs.labels = representatives(all, order);
  pairs.listed = labels.defined() ? labels.size() : pairs.labels.size();
  for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
    pairs.truth.push_back(place[static_cast<std::size_t>(classes.codes()[given + i])]);
    pairs.guess.push_back(
        place[static_cast<std::size_t>(classes.codes()[given + static_cast<std::size_t>(n) + i])]);
  }
  return pairs;
}

}  // namespace gradus::data
