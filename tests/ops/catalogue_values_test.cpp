// The values of all ops: against numbers from outside, float32 against float64, and at the edges.

#include <gradus/graph/recording.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "every_op.h"

namespace gradus {
namespace {

constexpr double kReferenceTolerance = 1e-10;

using EveryValue = EveryOp;

double number(const nlohmann::json& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

// Note [Reference values]
// tests/ops/reference/<family>/<name>.json holds, for each sample of a record in its order, what NumPy,
// SciPy, PyTorch or mpmath make of the same operands in float64. make.py writes it; see there.
TEST_P(EveryValue, AgreesWithNumbersFromOutside) {
  if (info().random) return;
  const std::string path = GRADUS_REFERENCE_DIR "/" + info().family + "/" + info().name + ".json";
  std::ifstream file(path);
  ASSERT_TRUE(file) << "no " << path << ": write it with tests/ops/reference/make.py";
  const nlohmann::json rows = nlohmann::json::parse(file);
  const std::vector<OpSample> all = samples();
  ASSERT_EQ(rows.size(), all.size()) << "the samples have changed: renew " << path;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(rows[i]["sample"].get<std::string>(), describe(all[i])) << "renew " << path;
    const Tensor result = value(all[i], DType::float64);
    EXPECT_EQ(rows[i]["shape"].get<std::string>(), to_string(result.shape())) << describe(all[i]);
    std::vector<double> expected;
    for (const nlohmann::json& entry : rows[i]["values"]) expected.push_back(number(entry));
    ASSERT_EQ(static_cast<std::int64_t>(expected.size()), result.size()) << describe(all[i]);
    const Tensor reference = Tensor::from(expected.data(), result.shape());
    EXPECT_LE(difference(result, reference), kReferenceTolerance) << describe(all[i]) << "\n"
                                                                  << to_string(result) << "\nis not\n"
                                                                  << to_string(reference);
  }
}

TEST_P(EveryValue, AgreesInFloat32WithFloat64) {
  for (const OpSample& sample : samples()) {
    const Tensor narrow = value(sample, DType::float32), wide = value(sample, DType::float64);
    EXPECT_EQ(narrow.shape(), wide.shape()) << describe(sample);
    // What float32 cannot hold is infinite there.
    EXPECT_LE(difference(narrow, wide.cast(narrow.dtype())), kFloat32Tolerance) << describe(sample);
    if (!info().differentiable() || sample.extreme) continue;
    const std::vector<Tensor> few = weighted_gradients(sample, DType::float32);
    const std::vector<Tensor> many = weighted_gradients(sample, DType::float64);
    for (std::size_t i = 0; i < few.size(); ++i) {
      EXPECT_EQ(few[i].dtype(), DType::float32);
      EXPECT_LE(difference(few[i], many[i]), kFloat32Tolerance) << describe(sample) << ", operand " << i;
    }
  }
}

TEST_P(EveryValue, GivesTheSameBitsWhetherRecordedOrNot) {
  for (const OpSample& sample : samples()) {
    const Tensor recorded = sample.call(operands(sample, DType::float32, true)).value();
    EXPECT_TRUE(identical(recorded, value(sample, DType::float32))) << describe(sample);
    const NoGrad guard;
    EXPECT_TRUE(identical(recorded, sample.call(operands(sample, DType::float32, true)).value()))
        << describe(sample);
  }
}

TEST_P(EveryValue, TakesEmptyTensors) {
  const auto all = samples();
  EXPECT_TRUE(std::ranges::any_of(all, is_empty)) << "no sample holds an empty tensor";
  for (const OpSample& sample : all) {
    if (!is_empty(sample) || !info().differentiable()) continue;
    for (const Tensor& gradient : weighted_gradients(sample, DType::float32)) {
      for (const float x : gradient.values<float>()) EXPECT_FALSE(std::isnan(x)) << describe(sample);
    }
  }
}

FOR_EVERY_OP(EveryValue);

}  // namespace
}  // namespace gradus
