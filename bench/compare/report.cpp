#include "report.h"

#include <gradus/graph/error.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

namespace gradus::bench {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(double value) { return std::isnan(value) ? Json() : Json(value); }

std::string text_of(double value, const char* format) {
  if (std::isnan(value)) return "-";
  char text[64];
  std::snprintf(text, sizeof(text), format, value);
  return text;
}

std::string spread_of(const Ratio& ratio) {
  if (std::isnan(ratio.median)) return "-";
  return text_of(ratio.median, "%.3f") + " (" + text_of(ratio.low, "%.2f") + "-" +
         text_of(ratio.high, "%.2f") + ")";
}

void print_line(std::ostream& out, const std::string& workload, const std::string& threads,
                const std::vector<std::string>& cells) {
  char text[64];
  std::snprintf(text, sizeof(text), "%-17s %7s", workload.c_str(), threads.c_str());
  out << text;
  constexpr int kWidths[] = {11, 11, 11, 19, 19, 9, 7};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::snprintf(text, sizeof(text), " %*s", i < std::size(kWidths) ? kWidths[i] : 6, cells[i].c_str());
    out << text;
  }
  out << std::endl;
}

std::string verdict_of(const Result& result) {
  if (!result.available()) return "n/a";
  if (std::isnan(result.to_floor.median)) return "-";
  return result.met() ? "met" : "MISSED";
}

}  // namespace

void print_heading(std::ostream& out) {
  print_line(out, "workload", "threads",
             {"ours us", "floor us", "libtorch us", "ours/floor", "ours/libtorch", "products", "goal", ""});
}

void print_row(std::ostream& out, const Result& result) {
  const auto number = [](double value) { return text_of(value, value < 10 ? "%.4f" : "%.1f"); };
  print_line(
      out, result.row.workload, std::to_string(result.row.threads),
      {number(result.ours_us), number(result.floor_us), number(result.libtorch_us),
       spread_of(result.to_floor), spread_of(result.to_libtorch),
       text_of(result.product_share * 100, "%.0f%%"), text_of(result.row.goal, "%.2f"), verdict_of(result)});
}

void print_small(std::ostream& out, const std::vector<SmallResult>& results) {
  for (const SmallResult& result : results) {
    const std::string verdict = std::isnan(result.goal) ? "-" : result.met() ? "met" : "MISSED";
    char text[160];
    std::snprintf(text, sizeof(text), "%-20s %12s: ours %s, floor %s, libtorch %s, goal %s  ",
                  result.name.c_str(), result.unit.c_str(), text_of(result.ours, "%.4g").c_str(),
                  text_of(result.floor, "%.4g").c_str(), text_of(result.libtorch, "%.4g").c_str(),
                  text_of(result.goal, "%.4g").c_str());
    out << text << verdict << std::endl;
  }
}

void write_json(const std::string& path, const std::vector<Result>& results,
                const std::vector<SmallResult>& small) {
  Json list = Json::array();
  for (const Result& result : results) {
    list.push_back(
        {{"workload", result.row.workload},
         {"threads", result.row.threads},
         {"ours_us", json_of(result.ours_us)},
         {"floor_us", json_of(result.floor_us)},
         {"libtorch_us", json_of(result.libtorch_us)},
         {"ratio_floor", json_of(result.to_floor.median)},
         {"ratio_libtorch", json_of(result.to_libtorch.median)},
         {"ratio_floor_range", {json_of(result.to_floor.low), json_of(result.to_floor.high)}},
         {"ratio_libtorch_range", {json_of(result.to_libtorch.low), json_of(result.to_libtorch.high)}},
         {"product_share", json_of(result.product_share)},
         {"goal", result.row.goal},
         {"verdict", verdict_of(result)}});
  }
  for (const SmallResult& result : small) {
    const bool is_start = result.unit == "ms", is_time = is_start || result.unit == "s";
    const double scale = is_start ? 1e3 : 1e6;
    const auto time = [&](double value) { return is_time ? json_of(value * scale) : Json(); };
    list.push_back({{"workload", result.name},
                    {"threads", 1},
                    {"ours_us", time(result.ours)},
                    {"floor_us", time(result.floor)},
                    {"libtorch_us", time(result.libtorch)},
                    {"ratio_floor", result.floor > 0 ? json_of(result.ours / result.floor) : Json()},
                    {"ratio_libtorch", json_of(result.ours / result.libtorch)},
                    {"unit", result.unit},
                    {"ours", json_of(result.ours)},
                    {"floor", json_of(result.floor)},
                    {"libtorch", json_of(result.libtorch)},
                    {"goal", json_of(result.goal)}});
  }
  const std::filesystem::path file = path;
  std::error_code ignored;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  std::ofstream out(file);
  out << list.dump(1) << '\n';
  out.close();
  if (!out) throw FileError("cannot write " + path);
}

}  // namespace gradus::bench
