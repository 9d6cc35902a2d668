#include "reference.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace gradus {

namespace {

struct Reference {
  std::map<std::string, Trajectory> trajectories = {};
  std::map<std::string, std::vector<double>> schedules = {};
};

std::vector<double> numbers(std::istringstream& words) {
  std::vector<double> result;
  for (std::string word; words >> word;) result.push_back(std::strtod(word.c_str(), nullptr));
  return result;
}

const Reference& reference() {
  static const Reference all = [] {
    std::ifstream file(GRADUS_SOURCE_DIR "/tests/optim/reference.txt");
    Reference read;
    Trajectory* last = nullptr;
    for (std::string text; std::getline(file, text);) {
      std::istringstream words(text);
      std::string word, name;
      words >> word;
      if (word == "case") {
        words >> name;
        last = &read.trajectories[name];
      } else if (word == "schedule") {
        words >> name;
        read.schedules[name] = numbers(words);
      } else if (word == "state") {
        last->state.push_back(numbers(words));
      } else {
        (word == "a"       ? last->a
         : word == "b"     ? last->b
         : word == "rates" ? last->rates
                           : last->iterations) = numbers(words);
      }
    }
    return read;
  }();
  return all;
}

}  // namespace

const Trajectory& reference_trajectory(const std::string& name) { return reference().trajectories.at(name); }

const std::vector<double>& reference_schedule(const std::string& name) {
  return reference().schedules.at(name);
}

const std::map<std::string, LearningRate>& schedules() {
  static const std::map<std::string, LearningRate> all = {
      {"exponential", ExponentialDecay(0.002, 10, 0.5)},
      {"exponential_staircase", ExponentialDecay(0.002, 10, 0.5, {.staircase = true})},
      {"piecewise", PiecewiseConstantDecay({3, 10, 40}, {0.002, 0.001, 0.0005, 0.0001})},
      {"piecewise_once", PiecewiseConstantDecay({7}, {0.002, 0.0005})},
      {"polynomial", PolynomialDecay(0.002, 10)},
      {"polynomial_power", PolynomialDecay(0.002, 30, {.end_learning_rate = 0.0005, .power = 2.5})},
      {"polynomial_cycle", PolynomialDecay(0.002, 10, {.cycle = true})},
      {"inverse_time", InverseTimeDecay(0.002, 10, 0.5)},
      {"inverse_time_staircase", InverseTimeDecay(0.002, 10, 0.5, {.staircase = true})},
      {"cosine", CosineDecay(0.002, 30)},
      {"cosine_alpha", CosineDecay(0.002, 30, {.alpha = 0.25})},
      {"cosine_warmup",
       CosineDecay(0.0001, 30, {.alpha = 0.125, .warmup_target = 0.002, .warmup_steps = 10})},
      {"cosine_target", CosineDecay(0.0001, 30, {.warmup_target = 0.002})},
      {"restarts", CosineDecayRestarts(0.002, 10)},
      {"restarts_all", CosineDecayRestarts(0.002, 10, {.t_mul = 1.5, .m_mul = 0.5, .alpha = 0.125})},
      {"restarts_even", CosineDecayRestarts(0.002, 10, {.t_mul = 1, .m_mul = 0.75})},
  };
  return all;
}

const std::vector<std::int64_t>& schedule_steps() {
  static const std::vector<std::int64_t> steps = {0,  1,  2,  3,  4,   5,   6,   7,    8,     9,  10,
                                                  11, 12, 19, 20, 21,  29,  30,  31,   39,    40, 41,
                                                  60, 70, 71, 99, 100, 101, 150, 1000, 123456};
  return steps;
}

}  // namespace gradus
