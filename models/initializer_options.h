#pragma once

#include <gradus/models/initializers.h>

#include <string_view>

namespace gradus {

// The options of initializers, looked at: each comes back with its names as Keras writes them. ValueError for
// what makes no sense.
VarianceScalingOptions checked(const VarianceScalingOptions& options);
RandomNormalOptions checked(RandomNormalOptions options, std::string_view initializer);
RandomUniformOptions checked(RandomUniformOptions options);

// A scaling of variance that has a name of its own.
struct NamedScaling {
  std::string_view name;
  std::string_view class_name;
  double scale;
  std::string_view mode;
  std::string_view distribution;

  VarianceScalingOptions options(const FanOptions& fans = {}) const {
    return {.scale = scale,
            .mode = std::string(mode),
            .distribution = std::string(distribution),
            .seed = fans.seed,
            .input_axes = fans.input_axes,
            .output_axes = fans.output_axes};
  }
};
inline constexpr NamedScaling kGlorotUniform = {"glorot_uniform", "GlorotUniform", 1, "fan_avg", "uniform"};
inline constexpr NamedScaling kGlorotNormal = {"glorot_normal", "GlorotNormal", 1, "fan_avg",
                                               "truncated_normal"};
inline constexpr NamedScaling kHeUniform = {"he_uniform", "HeUniform", 2, "fan_in", "uniform"};
inline constexpr NamedScaling kHeNormal = {"he_normal", "HeNormal", 2, "fan_in", "truncated_normal"};
inline constexpr NamedScaling kLecunUniform = {"lecun_uniform", "LecunUniform", 1, "fan_in", "uniform"};
inline constexpr NamedScaling kLecunNormal = {"lecun_normal", "LecunNormal", 1, "fan_in", "truncated_normal"};

}  // namespace gradus
