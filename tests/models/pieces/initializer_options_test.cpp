#include <gradus/graph/error.h>
#include <gradus/models/initializers.h>
#include <gradus/models/layers/dense.h>

#include <gtest/gtest.h>

#include <cmath>

#include "../says.h"

namespace gradus {

namespace {

using testing_data::says;

std::string json(const Initializer& initializer) { return initializer.serialize().config().to_json(); }

// Every class with options that are not its defaults, and how Keras writes it.
struct Case {
  Initializer initializer;
  std::string json;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {GlorotUniform({.seed = 3}),
       R"({"class_name": "GlorotUniform", "config": {"seed": 3, "input_axes": null, "output_axes": null}})"},
      {GlorotNormal({.seed = 4}),
       R"({"class_name": "GlorotNormal", "config": {"seed": 4, "input_axes": null, "output_axes": null}})"},
      {HeUniform({.input_axes = {0}, .output_axes = {1, -1}}),
       R"({"class_name": "HeUniform", "config": {"seed": null, "input_axes": [0], "output_axes": [1, -1]}})"},
      {HeNormal(),
       R"({"class_name": "HeNormal", "config": {"seed": null, "input_axes": null, "output_axes": null}})"},
      {LecunUniform(),
       R"({"class_name": "LecunUniform", "config": {"seed": null, "input_axes": null, "output_axes": null}})"},
      {LecunNormal({.seed = 0}),
       R"({"class_name": "LecunNormal", "config": {"seed": 0, "input_axes": null, "output_axes": null}})"},
      {VarianceScaling({.scale = 2, .mode = "FanOut", .distribution = "normal", .seed = 7}),
       R"({"class_name": "VarianceScaling", "config": {"seed": 7, "scale": 2.0, "mode": "fan_out", )"
       R"("distribution": "truncated_normal", "input_axes": null, "output_axes": null}})"},
      {RandomNormal({.mean = 1, .stddev = 0.5, .seed = 1}),
       R"({"class_name": "RandomNormal", "config": {"seed": 1, "mean": 1.0, "stddev": 0.5}})"},
      {TruncatedNormal({.mean = -1}),
       R"({"class_name": "TruncatedNormal", "config": {"seed": null, "mean": -1.0, "stddev": 0.05}})"},
      {RandomUniform({.minval = 0, .maxval = 2}),
       R"({"class_name": "RandomUniform", "config": {"seed": null, "minval": 0.0, "maxval": 2.0}})"},
      {Orthogonal({.gain = 2, .seed = 5}),
       R"({"class_name": "Orthogonal", "config": {"seed": 5, "gain": 2.0}})"},
      {IdentityInitializer({.gain = 3}), R"({"class_name": "Identity", "config": {"gain": 3.0}})"},
      {Constant(0.5), R"({"class_name": "Constant", "config": {"value": 0.5}})"},
      {Zeros(), R"({"class_name": "Zeros", "config": {}})"},
      {Ones(), R"({"class_name": "Ones", "config": {}})"},
  };
  return all;
}

TEST(Initializers, AreDescribedAsInKerasAndMadeAgain) {
  for (const Case& each : cases()) {
    EXPECT_EQ(json(each.initializer), each.json);
    const Initializer again = Initializer::deserialize(Config::from_json(each.json));
    EXPECT_EQ(json(again), each.json);
    EXPECT_EQ(again.name(), each.initializer.name());
    Random first(8), second(8);
    EXPECT_TRUE(identical(again({4, 3}, first), each.initializer({4, 3}, second))) << each.json;
  }
}

TEST(Initializers, NamedOnesAreDescribedByTheirClass) {
  for (const char* name : {"glorot_uniform", "uniform", "normal", "one", "zero", "identity", "orthogonal",
                           "identity_initializer", "OrthogonalInitializer", "he_normal"}) {
    const Initializer named = name;
    const Initializer again = Initializer::deserialize(named.serialize());
    EXPECT_EQ(again.name(), named.name());
    EXPECT_EQ(json(again), json(named));
  }
  EXPECT_EQ(Initializer("one").name(), "ones");
  EXPECT_EQ(Initializer("IdentityInitializer").name(), "identity");
}

TEST(Initializers, AreReadAsKerasWritesThem) {
  Random random(1);
  const Initializer read = Initializer::deserialize(
      Config::from_json(R"({"module": "keras.initializers", "class_name": "Constant", )"
                        R"("config": {"value": 2}, "registered_name": null})"));
  EXPECT_EQ(read({1}, random)(0), 2);
  EXPECT_EQ(Initializer::deserialize("zeros").name(), "zeros");
  const auto reading = [](const char* text) {
    return [text] { Initializer::deserialize(Config::from_json(text)); };
  };
  EXPECT_THAT(reading(R"({"class_name": "Xavier", "config": {}})"),
              says<ValueError>("unknown initializer 'Xavier'; known are 'constant'"));
  EXPECT_THAT(reading(R"({"class_name": "RandomNormal", "config": {"std": 1}})"),
              says<ValueError>("RandomNormal: unknown option 'std'", "'stddev'", "did you mean"));
  EXPECT_THAT(reading(R"({"class_name": "RandomNormal", "config": {"seed": 0.5}})"),
              says<ValueError>("RandomNormal: seed: ", "must be a whole number"));
  EXPECT_THAT(reading(R"({"class_name": "RandomNormal", "config": {"stddev": -1}})"),
              says<ValueError>("random_normal: stddev"));
}

TEST(Initializers, OfOnesOwnCannotBeDescribed) {
  const Initializer mine = [](const Shape& shape, Random&, DType dtype) { return ones(shape, dtype); };
  EXPECT_THAT([&] { mine.serialize(); },
              says<StateError>("initializer 'custom': a function of one's own has no class"));
}

TEST(Initializers, WithASeedDrawTheSameForEachUse) {
  const std::vector<Initializer> seeded = {
      GlorotUniform({.seed = 3}),   GlorotNormal({.seed = 3}), HeUniform({.seed = 3}),
      HeNormal({.seed = 3}),        LecunUniform({.seed = 3}), LecunNormal({.seed = 3}),
      VarianceScaling({.seed = 3}), RandomNormal({.seed = 3}), TruncatedNormal({.seed = 3}),
      RandomUniform({.seed = 3}),   Orthogonal({.seed = 3}),
  };
  for (const Initializer& each : seeded) {
    Random first(1), second(2), untouched(1);
    const Tensor drawn = each({5, 4}, first);
    EXPECT_TRUE(identical(drawn, each({5, 4}, first))) << each.name();
    EXPECT_TRUE(identical(drawn, each({5, 4}, second))) << each.name();
    EXPECT_EQ(first.bits(), untouched.bits()) << each.name();

    Random own(3);
    EXPECT_TRUE(identical(drawn, Initializer(each.name())({5, 4}, own))) << each.name();
  }
  Random random(1);
  EXPECT_FALSE(
      identical(GlorotUniform({.seed = 3})({5, 4}, random), GlorotUniform({.seed = 4})({5, 4}, random)));
  EXPECT_FALSE(identical(GlorotUniform()({5, 4}, random), GlorotUniform()({5, 4}, random)));
}

TEST(Initializers, WithASeedFixTheWeightsOfALayer) {
  const Dense a(3, {.kernel_initializer = GlorotUniform({.seed = 9}), .seed = 1});
  const Dense b(3, {.kernel_initializer = GlorotUniform({.seed = 9}), .seed = 2});
  a.build({4});
  b.build({4});
  EXPECT_TRUE(identical(a.kernel().value(), b.kernel().value()));
}

TEST(Initializers, CountTheAxesTheyAreTold) {
  Random first(1), second(1);
  // Fans 3 * 5 and 2: as a kernel [15, 2].
  const Tensor told = GlorotUniform({.input_axes = {0, 2}, .output_axes = {-2}})({3, 2, 5}, first);
  EXPECT_TRUE(identical(told.reshape({15, 2}), glorot_uniform({15, 2}, second)));
  EXPECT_THAT([] { HeNormal({.input_axes = {0}}); },
              says<ValueError>("input_axes and output_axes are given together or not at all"));
  EXPECT_THAT(
      [&] {
        HeNormal({.input_axes = {0}, .output_axes = {2}})({3, 4}, first);
      },
      says<ShapeError>("2"));
}

TEST(Initializers, MayBeValues) {
  Random random(1);
  const Tensor values = {{1, 2}, {3, 4}};
  const Initializer initializer = values;
  const Tensor drawn = initializer({2, 2}, random);
  EXPECT_TRUE(identical(drawn, values));
  EXPECT_NE(drawn.raw<float>(), values.raw<float>()) << "a weight that is trained must not change them";
  EXPECT_EQ(initializer({2, 2}, random, DType::float64).dtype(), DType::float64);
  EXPECT_THAT([&] { initializer({4}, random); },
              says<ShapeError>("initializer: was asked for [4], its values are [2, 2]"));
  EXPECT_THAT([] { Initializer{Tensor()}; }, says<StateError>("used before it was given values"));
}

TEST(Initializers, RefuseNumbersThatMakeNoSense) {
  EXPECT_THAT([] { RandomNormal({.stddev = -0.1}); },
              says<ValueError>("random_normal: stddev must be finite and not negative, got -0.1"));
  EXPECT_THAT([] { RandomNormal({.mean = NAN}); }, says<ValueError>("mean must be finite, got nan"));
  EXPECT_THAT([] { TruncatedNormal({.stddev = 1 / 0.0}); },
              says<ValueError>("truncated_normal: stddev", "got inf"));
  EXPECT_THAT([] { RandomUniform({.minval = 1, .maxval = 0}); },
              says<ValueError>("random_uniform: maxval must be at least minval, 1.0, got 0.0"));
  EXPECT_THAT([] { RandomUniform({.minval = NAN}); }, says<ValueError>("minval must be finite"));
  EXPECT_THAT([] { Orthogonal({.gain = NAN}); },
              says<ValueError>("orthogonal: gain must be finite, got nan"));
  EXPECT_THAT([] { IdentityInitializer({.gain = NAN}); }, says<ValueError>("identity: gain must be finite"));
  EXPECT_THAT([] { VarianceScaling({.scale = -1}); }, says<ValueError>("scale must be finite and above 0"));
}

}  // namespace

}  // namespace gradus
