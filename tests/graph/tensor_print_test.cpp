#include <gradus/graph/tensor.h>

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

namespace gradus {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

struct Case {
  Tensor tensor;
  const char* text;
};

// The texts are what NumPy 1.24 prints.
TEST(TensorPrint, WritesFloat32AsNumpyDoes) {
  const std::vector<Case> cases = {
      {Tensor{{1, 2}, {3, 4}}, "[[1. 2.]\n [3. 4.]]"},
      {Tensor{1.5, -2, 100}, "[  1.5  -2.  100. ]"},
      {Tensor{0.1, 0.25, 3}, "[0.1  0.25 3.  ]"},
      {Tensor{1e8, 1}, "[1.e+08 1.e+00]"},
      {Tensor{0.5, 2000}, "[5.e-01 2.e+03]"},
      {Tensor{0.00001}, "[1.e-05]"},
      {Tensor{0.1, 1.2345679e-8}, "[1.0000000e-01 1.2345679e-08]"},
      {Tensor{0.0}, "[0.]"},
      {Tensor{-0.0, 1}, "[-0.  1.]"},
      {Tensor{99999992.0}, "[99999992.]"},
      {Tensor{kNan, 1}, "[nan  1.]"},
      {Tensor{kInf, -kInf, 0.5}, "[ inf -inf  0.5]"},
      {Tensor{kNan, kNan}, "[nan nan]"},
      {Tensor{-kInf, 1e-9}, "[  -inf 1.e-09]"},
  };
  for (const Case& c : cases) EXPECT_EQ(to_string(c.tensor), c.text);
}

TEST(TensorPrint, WritesFloat64AsNumpyDoes) {
  const std::vector<Case> cases = {
      {Tensor({0.1, 0.2}, DType::float64), "[0.1 0.2]"},
      {Tensor({1.0 / 3, 2.0 / 3}, DType::float64), "[0.33333333 0.66666667]"},
      {Tensor({1e-5, 1e100}, DType::float64), "[1.e-005 1.e+100]"},
      {Tensor({9.99999999999, 1}, DType::float64), "[10.  1.]"},
      {Tensor({123456.789, 0.5}, DType::float64), "[1.23456789e+05 5.00000000e-01]"},
      {Tensor({1.23456789012, 12.5}, DType::float64), "[ 1.23456789 12.5       ]"},
      {Tensor({5e-324}, DType::float64), "[5.e-324]"},
      {Tensor({9007199254740992.0}, DType::float64), "[9.00719925e+15]"},
  };
  for (const Case& c : cases) EXPECT_EQ(to_string(c.tensor), c.text);
}

// The shortest digits of a power of two need not be the nearest: its lower neighbour is twice as near.
TEST(TensorPrint, KeepsTheShortestDigitsOfAPowerOfTwo) {
  EXPECT_EQ(to_string(Tensor(std::vector<float>{0x1p87F, 0x1p125F})), "[1.5474251e+26 4.2535296e+37]");
}

TEST(TensorPrint, WritesScalarsWithoutCuttingThemOff) {
  EXPECT_EQ(to_string(Tensor::scalar(1e16, DType::float64)), "1e+16");
  EXPECT_EQ(to_string(Tensor::scalar(1e15, DType::float64)), "1000000000000000.0");
  EXPECT_EQ(to_string(Tensor::scalar(1.0 / 3, DType::float64)), "0.3333333333333333");
  EXPECT_EQ(to_string(Tensor::scalar(1e-4, DType::float64)), "0.0001");
  EXPECT_EQ(to_string(Tensor::scalar(-1.5e-5, DType::float64)), "-1.5e-05");
  EXPECT_EQ(to_string(Tensor::scalar(0.1)), "0.1");
  EXPECT_EQ(to_string(Tensor::scalar(1e15)), "1000000000000000.0");
  EXPECT_EQ(to_string(Tensor::scalar(0)), "0.0");
  EXPECT_EQ(to_string(Tensor::scalar(kNan)), "nan");
  EXPECT_EQ(to_string(Tensor::scalar(-kInf)), "-inf");
  EXPECT_EQ(to_string(Tensor::scalar(3, DType::int32)), "3");
  EXPECT_EQ(to_string(Tensor::scalar(1, DType::boolean)), "True");
}

TEST(TensorPrint, WritesIntegersAndBooleansInColumns) {
  EXPECT_EQ(to_string(Tensor(std::vector<int>{-100, 5})), "[-100    5]");
  EXPECT_EQ(to_string(Tensor(std::vector<bool>{true, false})), "[ True False]");
  EXPECT_EQ(to_string(Tensor(std::vector<std::int64_t>{INT64_MIN, INT64_MAX})),
            "[-9223372036854775808  9223372036854775807]");
}

TEST(TensorPrint, SeparatesBlocksByBlankLines) {
  const Tensor t = Tensor::arange(8).reshape({2, 2, 2});
  EXPECT_EQ(to_string(t), "[[[0. 1.]\n  [2. 3.]]\n\n [[4. 5.]\n  [6. 7.]]]");
  EXPECT_EQ(to_string(t.reshape({2, 1, 2, 2})), "[[[[0. 1.]\n   [2. 3.]]]\n\n\n [[[4. 5.]\n   [6. 7.]]]]");
}

TEST(TensorPrint, WrapsLinesAt75Characters) {
  EXPECT_EQ(to_string(Tensor::arange(30, DType::int64)),
            "[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23\n"
            " 24 25 26 27 28 29]");
  std::vector<double> values(13);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i) / 7;
  EXPECT_EQ(to_string(Tensor(values)),
            "[0.         0.14285714 0.28571429 0.42857143 0.57142857 0.71428571\n"
            " 0.85714286 1.         1.14285714 1.28571429 1.42857143 1.57142857\n"
            " 1.71428571]");
}

TEST(TensorPrint, SummarisesMoreThanAThousandElements) {
  EXPECT_EQ(to_string(Tensor::arange(1001, DType::int64)), "[   0    1    2 ...  998  999 1000]");
  EXPECT_EQ(to_string(Tensor::arange(1200, DType::int32).reshape({40, 30})),
            "[[   0    1    2 ...   27   28   29]\n"
            " [  30   31   32 ...   57   58   59]\n"
            " [  60   61   62 ...   87   88   89]\n"
            " ...\n"
            " [1110 1111 1112 ... 1137 1138 1139]\n"
            " [1140 1141 1142 ... 1167 1168 1169]\n"
            " [1170 1171 1172 ... 1197 1198 1199]]");
  EXPECT_EQ(to_string(Tensor::zeros({2, 600})), "[[0. 0. 0. ... 0. 0. 0.]\n [0. 0. 0. ... 0. 0. 0.]]");
}

TEST(TensorPrint, WritesAnEmptyTensorAsBrackets) {
  EXPECT_EQ(to_string(Tensor::zeros({0})), "[]");
  EXPECT_EQ(to_string(Tensor::zeros({3, 0, 2})), "[]");
}

TEST(TensorPrint, WritesAnUndefinedTensorAsSuch) { EXPECT_EQ(to_string(Tensor()), "<undefined>"); }

TEST(TensorPrint, StreamsTheSameText) {
  std::ostringstream out;
  out << Tensor{1, 2};
  EXPECT_EQ(out.str(), "[1. 2.]");
}

}  // namespace
}  // namespace gradus
