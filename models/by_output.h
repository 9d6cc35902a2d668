#pragma once

#include <gradus/models/losses/loss.h>
#include <gradus/models/metrics/metric.h>

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gradus {

// What compile takes for models of several outputs: one for all, one for each in order, or by the outputs'
// names. The parts of a list that names nothing are in order.
template <class Part>
struct Assigned {
  std::vector<std::pair<std::string, Part>> parts = {};
  bool by_name = false;
};

class Losses {
 public:
  Losses() = default;  // none
  template <class L>
  requires(std::convertible_to<const L&, Loss> && !std::same_as<L, Losses>) Losses(const L& loss)
      : Losses({Loss(loss)}) {}                                        // NOLINT: implicit on purpose
  Losses(std::initializer_list<Loss> losses);                          // NOLINT
  Losses(std::initializer_list<std::pair<std::string, Loss>> losses);  // NOLINT

  bool defined() const;
  const Assigned<Loss>& assigned() const { return assigned_; }

 private:
  Assigned<Loss> assigned_;
};

class LossWeights {
 public:
  LossWeights() = default;
  LossWeights(std::initializer_list<double> weights);                          // NOLINT
  LossWeights(std::initializer_list<std::pair<std::string, double>> weights);  // NOLINT
  const Assigned<double>& assigned() const { return assigned_; }

 private:
  Assigned<double> assigned_;
};

class Metrics {
 public:
  Metrics() = default;
  Metrics(std::initializer_list<Metric> metrics);                                       // NOLINT
  Metrics(std::vector<Metric> metrics);                                                 // NOLINT
  Metrics(std::initializer_list<std::pair<std::string, std::vector<Metric>>> metrics);  // NOLINT
  const Assigned<std::vector<Metric>>& assigned() const { return assigned_; }

 private:
  Assigned<std::vector<Metric>> assigned_;
};

}  // namespace gradus
