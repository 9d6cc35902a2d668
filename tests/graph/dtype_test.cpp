#include <gradus/graph/dtype.h>
#include <gradus/graph/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradus {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr DType kAll[] = {DType::float32, DType::float64, DType::int32, DType::int64, DType::boolean};

TEST(DType, NamesReadBack) {
  for (const DType dtype : kAll) EXPECT_EQ(parse_dtype(to_string(dtype)), dtype);
  EXPECT_EQ(to_string(DType::boolean), "boolean");
}

TEST(DType, RefusesAnUnknownNameAndListsTheKnown) {
  EXPECT_THAT(
      [] { parse_dtype("float16"); },
      ThrowsMessage<ValueError>(HasSubstr("'float16' is unknown; known are float32, float64, int32")));
  EXPECT_THROW(parse_dtype(""), ValueError);
}

TEST(DType, DispatchesToTheTypeOfItsSize) {
  for (const DType dtype : kAll) {
    dispatch(dtype, [&]<class T>() {
      EXPECT_EQ(dtype_of<T>(), dtype);
      EXPECT_EQ(item_size(dtype), sizeof(T));
    });
  }
}

TEST(DType, KnowsFloatsAndIntegers) {
  EXPECT_TRUE(is_floating(DType::float64));
  EXPECT_FALSE(is_floating(DType::int32));
  EXPECT_TRUE(is_integer(DType::int64));
  EXPECT_FALSE(is_integer(DType::boolean));
}

TEST(DType, DispatchForSomeTypesRefusesTheOthers) {
  const auto nothing = []<class T>() {};
  EXPECT_THAT([&] { dispatch_floating(DType::int32, nothing); },
              ThrowsMessage<DTypeError>(HasSubstr("needs float32 or float64, not int32")));
  EXPECT_THAT([&] { dispatch_numeric(DType::boolean, nothing); },
              ThrowsMessage<DTypeError>(HasSubstr("not boolean")));
  dispatch_floating(DType::float64, []<class T>() { EXPECT_EQ(dtype_of<T>(), DType::float64); });
  dispatch_numeric(DType::int64, []<class T>() { EXPECT_EQ(dtype_of<T>(), DType::int64); });
}

}  // namespace
}  // namespace gradus
