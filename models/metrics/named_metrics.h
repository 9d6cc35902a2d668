#pragma once

#include <gradus/models/metrics/metric.h>

namespace gradus {

// The metric of that name: one of the metrics' own or of the losses'. ValueError for another name.
Metric make_metric(std::string_view name);

}  // namespace gradus
