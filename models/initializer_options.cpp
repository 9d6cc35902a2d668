#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/initializer_options.h>

#include <array>

namespace gradus {

VarianceScalingOptions checked(const VarianceScalingOptions& options) {
  static constexpr std::array<std::string_view, 3> kModes = {"fan_in", "fan_out", "fan_avg"};
  static constexpr std::array<std::string_view, 4> kDistributions = {"truncated_normal", "untruncated_normal",
                                                                     "uniform", "normal"};
  if (!std::isfinite(options.scale) || options.scale <= 0) {
    throw bad_number("variance_scaling", "scale", "finite and above 0", options.scale);
  }
  if (options.input_axes.empty() != options.output_axes.empty()) {
    throw ValueError("variance_scaling: input_axes and output_axes are given together or not at all");
  }
  VarianceScalingOptions result = options;
  result.mode = kModes[find_name("variance_scaling mode", options.mode, kModes)];
  result.distribution =
      kDistributions[find_name("variance_scaling distribution", options.distribution, kDistributions)];
  if (result.distribution == "normal") result.distribution = "truncated_normal";
  return result;
}

RandomNormalOptions checked(RandomNormalOptions options, std::string_view initializer) {
  finite_number(initializer, "mean", options.mean);
  number_from_zero(initializer, "stddev", options.stddev);
  return options;
}

RandomUniformOptions checked(RandomUniformOptions options) {
  finite_number("random_uniform", "minval", options.minval);
  finite_number("random_uniform", "maxval", options.maxval);
  if (options.maxval < options.minval) {
    throw bad_number("random_uniform", "maxval", "at least minval, " + scalar_text(options.minval),
                     options.maxval);
  }
  return options;
}

}  // namespace gradus
