#include "rows.h"

#include <cmath>

namespace gradus::bench {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::vector<Row> rows() {
  // The chain's goals are nanoseconds a node, where a prototype of the engine took these. With a pool of
  // threads counts are atomic.
  constexpr double kAdd = 0.056, kMultiply = 0.102;
  return {
      {.workload = "chain_add", .threads = 1, .goal = 0.080 / kAdd},
      {.workload = "chain_multiply", .threads = 1, .goal = 0.120 / kMultiply},
      {.workload = "chain_add", .threads = 2, .goal = 0.140 / kAdd},
      {.workload = "chain_multiply", .threads = 2, .goal = 0.190 / kMultiply},
      {.workload = "i", .threads = 1, .goal = 2.0, .has_products = true},
      {.workload = "ii_sgd", .threads = 1, .goal = 1.10, .has_products = true},
      {.workload = "ii_adam", .threads = 1, .goal = 1.10, .has_products = true},
      {.workload = "iii_sgd", .threads = 1, .goal = 1.05, .has_products = true},
      {.workload = "iii_adam", .threads = 1, .goal = 1.05, .has_products = true},
      {.workload = "iii_sgd", .threads = 2, .goal = 1.05, .has_products = true},
      {.workload = "iii_sgd_bfloat16", .threads = 1, .goal = 1 / 2.5, .has_products = true},
      {.workload = "iv_sgd", .threads = 1, .goal = 0.8, .has_products = true},
      {.workload = "iv_sgd", .threads = 2, .goal = 0.55, .has_products = true},
      {.workload = "v_sgd", .threads = 1, .goal = 0.9, .has_products = true},
      {.workload = "v_sgd", .threads = 2, .goal = 6.0 / 7.0, .has_products = true},
  };
}

bool Result::available() const { return !std::isnan(ours_us); }
bool Result::met() const { return to_floor.median <= row.goal; }

Result measure(const Row& row, const Programs& programs, int rounds) {
  std::vector<std::string> args = {"--threads", std::to_string(row.threads)};
  std::vector<Program> list = {{.name = "workloads", .path = programs.ours, .args = args}};
  const bool has_floor = row.floor_us == 0 && !programs.floor.empty();
  if (has_floor) list.push_back({.name = "floor", .path = programs.floor, .args = args});
  if (!programs.libtorch.empty()) {
    list.push_back({.name = "libtorch_workloads", .path = programs.libtorch, .args = args});
  }
  const Rounds measured = alternate(list, {row.workload}, rounds);

  Result result = {.row = row, .floor_us = kNone, .libtorch_us = kNone, .product_share = kNone};
  const std::vector<double>& ours = measured.of(0, row.workload);
  result.ours_us = median(ours);
  if (has_floor) {
    result.floor_us = median(measured.of(1, row.workload));
    result.to_floor = ratio(ours, measured.of(1, row.workload));
    if (row.has_products) {
      args.emplace_back("--products");
      result.product_share =
          alternate({{.name = "floor", .path = programs.floor, .args = args}}, {row.workload}, 1)
              .of(0, row.workload)
              .front();
    }
  } else if (row.floor_us > 0) {
    result.floor_us = row.floor_us;
    result.to_floor = ratio(ours, std::vector<double>(ours.size(), row.floor_us));
  }
  if (!programs.libtorch.empty()) {
    const std::vector<double>& peer = measured.of(list.size() - 1, row.workload);
    result.libtorch_us = median(peer);
    result.to_libtorch = ratio(ours, peer);
  }
  return result;
}

}  // namespace gradus::bench
