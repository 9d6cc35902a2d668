#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/callbacks/monitor.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace gradus {

namespace {

// By letters and digits alone, as names are told apart everywhere.
constexpr std::array<std::string_view, 18> kHigherIsBetter = {"accuracy",
                                                              "acc",
                                                              "precision",
                                                              "recall",
                                                              "auc",
                                                              "iou",
                                                              "meaniou",
                                                              "binaryiou",
                                                              "onehotiou",
                                                              "onehotmeaniou",
                                                              "f1score",
                                                              "fbetascore",
                                                              "r2score",
                                                              "cosinesimilarity",
                                                              "pearsoncorrelation",
                                                              "concordancecorrelation",
                                                              "sensitivityatspecificity",
                                                              "specificityatsensitivity"};
constexpr std::array<std::string_view, 18> kLowerIsBetter = {
    "loss",  "error",   "mse",   "mae",          "mape", "msle",    "rmse", "crossentropy", "bce",
    "hinge", "logcosh", "huber", "kldivergence", "kld",  "poisson", "dice", "tversky",      "ctc"};

std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text) result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string letters(std::string_view text) {
  std::string result = lower(text);
  std::erase_if(result, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return result;
}

// "val_head_auc_1" is an "auc"; a short word must stand by itself.
template <std::size_t N>
bool ends_with_any(std::string_view name, const std::array<std::string_view, N>& words) {
  constexpr std::size_t kShort = 4;
  const std::string plain = letters(name);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return plain == word || lower(name).ends_with("_" + std::string(word)) ||
           (word.size() > kShort && plain.ends_with(word));
  });
}

std::string_view without_counter(std::string_view name) {
  const std::size_t last = name.find_last_not_of("0123456789");
  const bool counted =
      last != std::string_view::npos && last > 0 && last + 1 < name.size() && name[last] == '_';
  return counted ? name.substr(0, last) : name;
}

}  // namespace

Monitor::Direction Monitor::direction_of(std::string_view mode) {
  constexpr std::array<std::string_view, 3> kModes = {"auto", "min", "max"};
  return static_cast<Direction>(find_name("mode", mode, kModes));
}

Monitor::Monitor(std::string_view callback, std::string name, std::string_view mode, double min_delta,
                 std::optional<double> best)
    : callback_(callback),
      name_(std::move(name)),
      direction_(direction_of(mode)),
      min_delta_(std::abs(min_delta)),
      best_(best) {
  if (!std::isfinite(min_delta)) {
    throw ValueError(callback_ + ": min_delta must be finite, got " + scalar_text(min_delta));
  }
  if (best && std::isnan(*best)) throw ValueError(callback_ + ": the value to start from is nan");
}

void Monitor::refuse_name(const std::vector<std::string>& known) const {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const bool no_validation = name_.starts_with("val_") && validation_freq_ == 0;
  throw ValueError(callback_ + ": " + unknown_name("entry of the logs", name_, names) +
                   (no_validation ? "; fit has no validation_data or validation_split" : ""));
}

void Monitor::begin(const CallbackParams& params) {
  validation_freq_ = params.validation_freq;
  const bool known = std::find(params.metrics.begin(), params.metrics.end(), name_) != params.metrics.end();
  if (!known && !params.metrics.empty() && !params.more_metrics) refuse_name(params.metrics);
  if (direction_ != Direction::by_name) return;

  const std::string_view name = without_counter(name_);
  if (ends_with_any(name, kHigherIsBetter)) {
    direction_ = Direction::up;
  } else if (ends_with_any(name, kLowerIsBetter)) {
    direction_ = Direction::down;
  } else {
    throw ValueError(callback_ + ": mode \"auto\" cannot tell whether '" + name_ +
                     "' is better when it is higher or lower: give mode \"max\" or \"min\"");
  }
}

std::optional<double> Monitor::value(const Logs& logs, std::int64_t epoch) const {
  if (logs.contains(name_)) return logs[name_];
  const bool not_validated =
      name_.starts_with("val_") && validation_freq_ > 1 && (epoch + 1) % validation_freq_ != 0;
  if (!not_validated) refuse_name(logs.names());
  return std::nullopt;
}

bool Monitor::better(double value, double reference) const {
  if (!std::isfinite(value)) return false;
  return direction_ == Direction::up ? value - min_delta_ > reference : value + min_delta_ < reference;
}

bool Monitor::take(double value) {
  const bool is_better = best_ ? better(value, *best_) : std::isfinite(value);
  if (is_better) best_ = value;
  return is_better;
}

}  // namespace gradus
