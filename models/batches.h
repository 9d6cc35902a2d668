#pragma once

#include <gradus/models/training_options.h>

#include <vector>

namespace gradus {

// Cuts data into batches. REQUIRES rows that agree, at least one of them, and batch_size > 0.
class Batches {
 public:
  Batches(Data data, std::int64_t batch_size);

  std::int64_t rows() const { return rows_; }
  std::int64_t steps() const { return steps_; }
  // The order in which the rows are taken from now on; as they lie when empty.
  void set_order(std::vector<std::int64_t> order) { order_ = std::move(order); }
  // A copy of the rows of batch `step`.
  Data batch(std::int64_t step) const;

 private:
  Tensor gather(const Tensor& source, std::int64_t begin, std::int64_t count) const;

  Data data_;
  std::int64_t rows_;
  std::int64_t batch_size_;
  std::int64_t steps_;
  std::vector<std::int64_t> order_;
};

}  // namespace gradus
