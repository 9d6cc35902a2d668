#include <gradus/ops/kernels/nn/window_records.h>

namespace gradus::record {

namespace {

auto pooling_case(PoolingFunction function, const Draw& draw) {
  return [=](const Shape& x, const PoolingOptions& options) -> Case {
    std::string arguments = Arguments()
                                .put("pool_size", to_string(options.pool_size))
                                .add("strides", options.strides, {})
                                .add(options.padding)
                                .text();
    return {std::move(arguments),
            {x},
            [=](std::span<const Variable> v) { return function(v[0], options); },
            {draw}};
  };
}

OpInfo completed(OpInfo about, std::string shapes) {
  about.signature = "(x, {.pool_size, .strides, .padding})";
  about.shapes = std::move(shapes);
  about.flops = per_input(1);
  return about;
}

}  // namespace

OpInfo pooling1d(PoolingFunction function, OpInfo about, const Draw& draw) {
  const auto by = pooling_case(function, draw);
  return cases(
      completed(std::move(about), "[b, n, c] -> [b, m, c]"),
      [=](std::int64_t n) -> std::vector<Case> {
        return {by({2, n, 3}, {}),
                by({1, n + 1, 2}, {.pool_size = 3, .strides = 1}),
                by({2, n + 1, 2}, {.pool_size = 2, .strides = 3}),
                by({1, n + 1, 1}, {.padding = "same"}),
                by({2, n, 2}, {.pool_size = 3, .strides = 1, .padding = "same"}),
                by({1, n, 2}, {.pool_size = 4, .strides = 3, .padding = "same"}),
                by({1, 1, 1}, {.pool_size = 1}),
                by({1, 2, 2}, {.pool_size = 7, .strides = 1, .padding = "same"}),
                by({0, n, 2}, {}),
                by({2, 0, 2}, {.padding = "same"})};
      },
      {{"x must be [batch, n, channels]: x is [4, 4]", by({4, 4}, {})},
       {"the pool_size 5 is larger than the image 4: x is [1, 4, 1]", by({1, 4, 1}, {.pool_size = 5})},
       {"pool_size must be 1 or more, got 0", by({1, 4, 1}, {.pool_size = 0})},
       {"strides must be 1 or more, got -1", by({1, 4, 1}, {.strides = -1})},
       {"pool_size must be one number or 1, got [2, 2]", by({1, 4, 1}, {.pool_size = {2, 2}})}});
}

OpInfo pooling2d(PoolingFunction function, OpInfo about, const Draw& draw) {
  const auto by = pooling_case(function, draw);
  return cases(
      completed(std::move(about), "[b, h, w, c] -> [b, h', w', c]"),
      [=](std::int64_t n) -> std::vector<Case> {
        return {by({2, n, n, 3}, {}),
                by({1, n, n + 1, 2}, {.pool_size = {3, 2}, .strides = 1}),
                by({1, n + 1, n, 2}, {.pool_size = 2, .strides = {3, 1}}),
                by({1, n + 1, n, 1}, {.padding = "same"}),
                by({1, n, n, 2}, {.pool_size = 3, .strides = 1, .padding = "same"}),
                by({1, n, n + 1, 2}, {.pool_size = {4, 3}, .strides = {3, 2}, .padding = "same"}),
                by({1, 1, 1, 1}, {.pool_size = 1}),
                by({1, 2, 2, 1}, {.pool_size = 7, .strides = 1, .padding = "same"}),
                by({0, n, n, 2}, {}),
                by({2, 0, n, 2}, {.padding = "same"})};
      },
      {{"x must be [batch, height, width, channels]: x is [4, 4, 1]", by({4, 4, 1}, {})},
       {"the pool_size [2, 5] is larger than the image [4, 4]: x is [1, 4, 4, 1]",
        by({1, 4, 4, 1}, {.pool_size = {2, 5}})},
       {"pool_size must be 1 or more, got 0", by({1, 4, 4, 1}, {.pool_size = 0})},
       {"strides must be 1 or more, got [1, 0]", by({1, 4, 4, 1}, {.strides = {1, 0}})},
       {"pool_size must be one number or 2, got [2, 2, 2]", by({1, 4, 4, 1}, {.pool_size = {2, 2, 2}})}});
}

}  // namespace gradus::record
