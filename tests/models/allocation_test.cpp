#include <gradus/models/layers/dense.h>
#include <gradus/models/sequential.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<long> allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  if (void* data = std::malloc(size)) return data;
  throw std::bad_alloc();
}

}  // namespace

// A program of its own, so that every allocation from the heap can be counted.
void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* data) noexcept { std::free(data); }
void operator delete[](void* data) noexcept { std::free(data); }
void operator delete(void* data, std::size_t) noexcept { std::free(data); }
void operator delete[](void* data, std::size_t) noexcept { std::free(data); }

namespace gradus {
namespace {

TEST(Fit, AllocatesNothingFromTheHeapInAStep) {
  Sequential model({Dense(8, {.activation = "relu", .input_dim = 2}), Dense(4, {.activation = "softmax"})},
                   {.seed = 1});
  model.compile({.optimizer = "adam", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  const auto fit = [&](std::int64_t steps) {
    const Tensor x = Tensor::ones({4 * steps, 2}), y = Tensor::ones({4 * steps, 4});
    const long before = allocations;
    model.fit(x, y, {.batch_size = 4, .verbose = 0, .validation_data = {x, y}});
    return allocations - before;
  };
  fit(100);
  EXPECT_EQ(fit(100), fit(50));
}

}  // namespace
}  // namespace gradus
