#include <gradus/tools/tutorial/pictures.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "surroundings.h"
#include "xml.h"

namespace gradus::tutorial {
namespace {

using test::content_of;
using testing::Contains;
using testing::StartsWith;

TEST(TutorialPictures, AreDrawnEach) {
  const test::Folder folder;
  const Pictures pictures(folder.path());
  const Points points{{-1, 0, 2, 3}, {4, 1, -2, 0}, {0, 1, 0, 1}};
  const Curves curves{{0.5, 0.25, 0.125}, {0.5, 0.3, 0.2}, {0.8, 0.9, 0.95}, {0.8, 0.85, 0.9}};
  const Samples samples{{-1, 0, 1}, {1, 0.5, 0}};
  const LinearMap layer{{0.18243906, -0.32536864, 0.80486184, 0.29774043}, {1.4485976, -1.4485976}};
  pictures.blobs_data(points);
  pictures.blobs_predictions(points, {0, 1, 1, 1});
  pictures.blobs_boundary({{0, 1, 1, 0, 0, 1, 0, 0, 1}, 3}, points);
  pictures.blobs_curves(curves);
  pictures.linear_data(points);
  pictures.linear_weights(layer);
  pictures.linear_bias(layer);
  pictures.linear_test(points);
  pictures.linear_projection(points, layer);
  pictures.linear_softmax(points);
  pictures.linear_transforms();
  pictures.linear_curves(curves);
  pictures.regression_data(samples);
  pictures.regression_split(samples, samples);
  pictures.regression_fit(samples, samples);
  pictures.regression_curves({curves.loss, curves.val_loss});
  pictures.fashion_curves(curves);
  pictures.fashion_dropout_curves(curves);
  pictures.optimizers_losses({{"SGD", {2.3, 1.5, 1.25}}, {"Adam", {2.3, 0.5, 0.75}}});
  pictures.spiral_regions({{0, 1, 1, 0}, 2, 1.5}, {{0, 1, 0, 0}, 2, 1.5}, points);
  pictures.spiral_losses({1.1, 0.7, 0.4}, {1.1, 0.6, 0.3});

  const std::vector<std::string> names = {"blobs_data",        "blobs_predictions", "blobs_boundary",
                                          "blobs_curves",      "linear_data",       "linear_weights",
                                          "linear_bias",       "linear_test",       "linear_projection",
                                          "linear_softmax",    "linear_transforms", "linear_curves",
                                          "regression_data",   "regression_split",  "regression_fit",
                                          "regression_curves", "fashion_curves",    "fashion_dropout_curves",
                                          "optimizers_losses", "spiral_regions",    "spiral_losses"};
  EXPECT_EQ(folder.count(), 2 * names.size());
  for (const std::string& name : names) {
    EXPECT_NO_THROW(test::XmlReader(content_of(folder / (name + ".svg")))) << name;
    EXPECT_THAT(content_of(folder / (name + ".png")), StartsWith("\x89PNG")) << name;
  }
  EXPECT_THAT(test::XmlReader(content_of(folder / "blobs_predictions.svg")).texts(),
              Contains("Test points: 3 of 4 predicted correctly"));
  EXPECT_THAT(test::XmlReader(content_of(folder / "linear_weights.svg")).texts(), Contains("\u22120.3254"));
  EXPECT_THAT(test::XmlReader(content_of(folder / "optimizers_losses.svg")).texts(),
              testing::IsSupersetOf({"SGD", "Adam", "batch", "loss"}));
  EXPECT_THAT(test::XmlReader(content_of(folder / "spiral_regions.svg")).texts(),
              testing::IsSupersetOf({"By hand: 1 \u2212 tanh(h)\u00B2", "By backward: 1 \u2212 h\u00B2"}));
  EXPECT_THAT(test::XmlReader(content_of(folder / "linear_transforms.svg")).texts(),
              testing::IsSupersetOf({"Complex eigenvectors: none drawn", "\u03BB = 7.16", "\u03BB = 0.84",
                                     "\u03BB = 0", "\u03BB = 5", "\u03BB = 1.16", "\u03BB = \u22125.16",
                                     "\u03BB = 2", "\u03BB = 1"}));
}

}  // namespace
}  // namespace gradus::tutorial
