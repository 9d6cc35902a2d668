#pragma once

#include <gradus/optim/schedules.h>

#include <map>
#include <string>
#include <vector>

namespace gradus {

// What make_reference.py wrote.
struct Trajectory {
  std::vector<double> a = {}, b = {};  // after each step, one after the other
  std::vector<double> rates = {}, iterations = {};
  std::vector<std::vector<double>> state = {};
};
const Trajectory& reference_trajectory(const std::string& name);
const std::vector<double>& reference_schedule(const std::string& name);

// Those of make_reference.py, by the same names.
const std::map<std::string, LearningRate>& schedules();
const std::vector<std::int64_t>& schedule_steps();

}  // namespace gradus
