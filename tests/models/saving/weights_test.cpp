#include <gradus/graph/error.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/saving/npz.h>
#include <gradus/models/sequential.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace gradus {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class Weights : public saving::TemporaryFolder {
 protected:
  static Sequential model(std::uint64_t seed, int units = 3) {
    return Sequential({Dense(units, {.input_dim = 2}), Dense(1)}, {.name = "net", .seed = seed});
  }
  void expect_refused(const Sequential& model, const std::string& problem) const {
    const std::vector<Tensor> before = model.get_weights();
    EXPECT_THAT([&] { model.load_weights(path_); },
                ThrowsMessage<FileError>(AllOf(HasSubstr(path_), HasSubstr(problem))));
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(identical(model.get_weights()[i], before[i]));
  }

  const std::string path_ = folder() / "weights.npz";
};

TEST_F(Weights, ComeBackBitForBit) {
  const Sequential saved = model(1), loaded = model(2);
  saved.save_weights(path_);
  loaded.load_weights(path_);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(identical(saved.get_weights()[i], loaded.get_weights()[i]));
  EXPECT_EQ(saving::load_npz(path_)[2].name, "dense_1/kernel");
}

TEST_F(Weights, OfAnotherModelAreRefusedWhole) {
  model(1).save_weights(path_);
  expect_refused(model(2, 4),
                 "does not fit 'net': 'dense/kernel' is [2, 3] in the file and [2, 4] in the model");
  Sequential longer = model(2);
  longer.add(Dense(1));
  expect_refused(longer, "it has no weight 'dense_2/kernel'");
  Sequential shorter = model(2);
  shorter.pop();
  expect_refused(shorter, "it has a weight 'dense_1/bias' that the model has not");
}

TEST_F(Weights, AreConvertedToTheModelsDtypeButNotFromIntegers) {
  const Sequential wide({Dense(1, {.input_dim = 1})}, {.dtype = DType::float64, .seed = 1});
  const Sequential narrow({Dense(1, {.input_dim = 1})}, {.name = "net", .seed = 2});
  wide.save_weights(path_);
  narrow.load_weights(path_);
  EXPECT_TRUE(identical(narrow.get_weights()[0], wide.get_weights()[0].cast(DType::float32)));
  saving::save_npz(path_,
                   std::vector<saving::NamedTensor>{{"dense/kernel", Tensor::ones({1, 1}, DType::int64)},
                                                    {"dense/bias", Tensor::ones({1})}});
  expect_refused(narrow, "'dense/kernel' is int64 in the file");
}

TEST_F(Weights, NeedAFile) {
  EXPECT_THAT([] { model(1).load_weights("/nowhere/w.npz"); },
              ThrowsMessage<FileError>(HasSubstr("/nowhere/w.npz")));
}

}  // namespace
}  // namespace gradus
