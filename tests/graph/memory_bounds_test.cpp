#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/tensor.h>
#include <gradus/ops/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "../child.h"

namespace gradus {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(MemoryBounds, AShapeThatOverflowsIsRefusedBeforeAnythingIsAllocated) {
  const std::size_t before = memory_stats().in_use;
  reset_peak_memory();
  constexpr std::int64_t kHuge = std::int64_t{1} << 32;
  EXPECT_THAT([] { Tensor::zeros({kHuge, kHuge}); }, ThrowsMessage<ShapeError>(HasSubstr("overflows")));
  // Products that wrap to 0, to 16 and to a negative number.
  EXPECT_THAT([] { Tensor::zeros({kHuge, kHuge, 3}); }, ThrowsMessage<ShapeError>(HasSubstr("overflows")));
  EXPECT_THAT(
      [] {
        Tensor::zeros({(std::int64_t{1} << 60) + 1, 16});
      },
      ThrowsMessage<ShapeError>(HasSubstr("overflows")));
  EXPECT_THAT(
      [] {
        Tensor::zeros({std::int64_t{1} << 62, 2});
      },
      ThrowsMessage<ShapeError>(HasSubstr("overflows")));
  EXPECT_THAT([] { Tensor::zeros({2, 3}).reshape({kHuge, kHuge}); }, testing::Throws<ShapeError>());
  EXPECT_THAT([] { broadcast_to(Tensor::zeros({1, 1}), {kHuge, kHuge}); }, testing::Throws<ShapeError>());
  EXPECT_LT(memory_stats().peak, before + 1000) << "the small tensors";
}

// 2.5e9 elements are more than 32 bits of index count.
TEST(MemoryBounds, FiftyThousandSquaredElementsAreCountedRight) {
  constexpr std::int64_t kSide = 50000;
  EXPECT_EQ((Shape{kSide, kSide}).elements(), 2'500'000'000);
  EXPECT_THAT([] { Tensor::zeros({3}).reshape({kSide, kSide}); }, testing::Throws<ShapeError>());
}

// The rest needs an address space of its own: most of a sanitized program's is the sanitizer's.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// Whether an error is of the system's, for about so many bytes.
bool says_none_left(const MemoryError& error, const std::string& digits) {
  const std::string text = error.what();
  return text.starts_with("memory: the system has no " + digits) && text.ends_with(" bytes left");
}

TEST(MemoryBounds, ATerabyteIsAnErrorAndTheProcessLives) {
  EXPECT_EQ(test::exit_code_of_child([] {
              // However the system is set to promise memory, this process gets no terabyte.
              const rlimit limit = {std::size_t{1} << 37, std::size_t{1} << 37};
              if (setrlimit(RLIMIT_AS, &limit) != 0) return 2;
              try {
                Tensor::empty({std::int64_t{1} << 38});
              } catch (const MemoryError& error) {
                if (!says_none_left(error, "1099511627")) return 3;
                return Tensor::ones({1000})(999) == 1 ? 0 : 4;
              }
              return 5;
            }),
            0);
}

TEST(MemoryBounds, AnAddressSpaceOfHalfAGigabyteGivesACleanError) {
  EXPECT_EQ(test::exit_code_of_child([] {
              empty_memory_cache();
              const rlimit limit = {std::size_t{512} << 20, std::size_t{512} << 20};
              if (setrlimit(RLIMIT_AS, &limit) != 0) return 2;
              const Shape shape = {std::int64_t{4} << 20};  // 16 MiB
              std::vector<Tensor> held;
              try {
                for (int i = 0; i < 100; ++i) held.push_back(Tensor::ones(shape));
                return 3;
              } catch (const MemoryError& error) {
                if (!says_none_left(error, "167772")) return 4;
                held.clear();
                return Tensor::ones(shape)(5) == 1 ? 0 : 5;
              }
            }),
            0);
}

// Of the pages, a few are touched.
TEST(MemoryBounds, FiftyThousandSquaredElementsAreIndexedRight) {
  constexpr std::int64_t kSide = 50000;
  empty_memory_cache();
  {
    Tensor large = Tensor::empty({kSide, kSide}, DType::boolean);
    EXPECT_EQ(large.bytes(), 2'500'000'000U);
    large.set({0, 0}, 0);
    large.set({kSide - 1, kSide - 2}, 0);
    large.set({kSide - 1, kSide - 1}, 1);
    EXPECT_EQ(large(kSide - 1, kSide - 1), 1);
    EXPECT_EQ(large(-1, -2), 0);
    EXPECT_EQ(large(0, 0), 0);
    EXPECT_EQ(large[kSide - 1](kSide - 1), 1);
    EXPECT_EQ(large.rows(kSide - 2, kSide)(1, -1), 1);
    EXPECT_EQ(large.reshape({-1})(2'499'999'999), 1);
    const Tensor corner = slice(large, {Slice{kSide - 1}, Slice{kSide - 2}}).value();
    EXPECT_EQ(corner(0, 0), 0);
    EXPECT_EQ(corner(0, 1), 1);
    EXPECT_EQ(take(large, Tensor({kSide - 1}, DType::int64), {.axis = 0}).value()(0, -1), 1);
  }
  empty_memory_cache();
}

#endif

}  // namespace
}  // namespace gradus
