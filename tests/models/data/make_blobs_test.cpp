#include <gradus/graph/error.h>
#include <gradus/models/data/make_blobs.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "reference.h"

namespace gradus::data {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

struct Case {
  std::string name;
  BlobsOptions options;
};

TEST(MakeBlobs, DrawsScikitLearnsBits) {
  const std::vector<Case> cases = {
      {"a", {.n_samples = 4000, .n_features = 2, .centers = 4, .cluster_std = 2.0, .random_state = 101}},
      {"b", {.n_samples = 4000, .n_features = 2, .centers = 2, .cluster_std = 2.5, .random_state = 101}},
      {"seed_zero", {.n_samples = 101, .n_features = 3, .centers = 7, .random_state = 0}},
      {"largest_seed",
       {.n_samples = 50, .n_features = 1, .centers = 3, .cluster_std = 0.5, .random_state = 4294967295}},
      {"fewer_samples_than_centers", {.n_samples = 3, .n_features = 2, .centers = 5, .random_state = 1}},
      {"in_order",
       {.n_samples = 10,
        .n_features = 5,
        .centers = 3,
        .center_box = {-1, 4},
        .shuffle = false,
        .random_state = 7}},
      {"no_spread", {.n_samples = 9, .n_features = 2, .centers = 2, .cluster_std = 0, .random_state = 3}},
  };
  for (const auto& [name, options] : cases) {
    const auto [x, y] = make_blobs(options);
    EXPECT_EQ(difference_from_reference(name + ".x", x), "");
    EXPECT_EQ(difference_from_reference(name + ".y", y), "");
    EXPECT_EQ(x.dtype(), DType::float64);
    EXPECT_EQ(y.dtype(), DType::int64);
  }
}

TEST(MakeBlobs, HasTheTutorialsCenters) {
  // With no spread every sample is its center.
  const auto [x, y] =
      make_blobs({.n_samples = 4, .centers = 4, .cluster_std = 0, .shuffle = false, .random_state = 101});
  const Tensor centers({{0.32797255, 1.41335174},
                        {-9.43051547, -6.56956688},
                        {3.70553963, 6.67793725},
                        {-3.86067561, 7.87226159}},
                       DType::float64);
  EXPECT_TRUE(all_close(x, centers, {.rtol = 0, .atol = 5e-9}));
  EXPECT_TRUE(identical(y, Tensor::arange(4, DType::int64)));
}

TEST(MakeBlobs, DiffersFromRunToRunWithoutASeed) { EXPECT_FALSE(identical(make_blobs().x, make_blobs().x)); }

TEST(MakeBlobs, RefusesWhatMakesNoBlobs) {
  EXPECT_THAT([] { make_blobs({.centers = 0}); },
              ThrowsMessage<ValueError>(HasSubstr("make_blobs: centers must be positive, got 0")));
  EXPECT_THAT([] { make_blobs({.n_samples = -3}); },
              ThrowsMessage<ValueError>(HasSubstr("n_samples must be positive, got -3")));
  EXPECT_THAT([] { make_blobs({.n_features = 0}); },
              ThrowsMessage<ValueError>(HasSubstr("n_features must be positive, got 0")));
  EXPECT_THAT([] { make_blobs({.cluster_std = -0.5}); },
              ThrowsMessage<ValueError>(HasSubstr("cluster_std must be finite and not negative, got -0.5")));
  EXPECT_THAT([] { make_blobs({.cluster_std = std::numeric_limits<double>::quiet_NaN()}); },
              ThrowsMessage<ValueError>(HasSubstr("got nan")));
  EXPECT_THAT(
      [] {
        make_blobs({.center_box = {0, std::numeric_limits<double>::infinity()}});
      },
      ThrowsMessage<ValueError>(HasSubstr("center_box must be finite")));
  EXPECT_THAT([] { make_blobs({.random_state = -1}); }, ThrowsMessage<ValueError>(HasSubstr("got -1")));
}

}  // namespace
}  // namespace gradus::data
