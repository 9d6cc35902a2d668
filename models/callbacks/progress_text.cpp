#include <gradus/models/callbacks/progress_text.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

namespace gradus::progress {

namespace {

template <class... Values>
std::string format(const char* pattern, Values... values) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), pattern, values...);
  return text.data();
}

}  // namespace

std::string entries(const Logs& logs) {
  std::vector<std::pair<std::string_view, double>> list(logs.metrics.begin(), logs.metrics.end());
  list.emplace_back("loss", logs.loss);
  std::sort(list.begin(), list.end());
  std::stable_partition(list.begin(), list.end(),
                        [](const auto& entry) { return !entry.first.starts_with("val_"); });
  std::string text;
  for (const auto& [name, value] : list) {
    text += " - " + std::string(name) + ": " + format(std::abs(value) > 1e-3 ? "%.4f" : "%.4e", value);
  }
  return text;
}

std::string duration_per_step(double seconds) {
  if (seconds >= 1 || seconds == 0) return format("%.0fs/step", seconds);
  if (seconds >= 1e-3) return format("%.0fms/step", seconds * 1e3);
  return format("%.0fus/step", seconds * 1e6);
}

std::string elapsed(double seconds) { return format("%.0fs", seconds); }

std::string remaining(double seconds) {
  const auto whole = static_cast<long long>(seconds);
  if (seconds > 3600) return format("%lld:%02lld:%02lld", whole / 3600, whole % 3600 / 60, whole % 60);
  if (seconds > 60) return format("%lld:%02lld", whole / 60, whole % 60);
  return format("%llds", whole);
}

std::string step_count(std::int64_t done, std::int64_t all) {
  const std::string total = std::to_string(all);
  const std::string count = std::to_string(done);
  return std::string(total.size() > count.size() ? total.size() - count.size() : 0, ' ') + count + "/" +
         total;
}

}  // namespace gradus::progress
