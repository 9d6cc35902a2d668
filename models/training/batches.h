#pragma once

#include <gradus/models/training_options.h>

#include <optional>
#include <vector>

namespace gradus {

// Where fit, evaluate and predict get their batches from.
class BatchSource {
 public:
  virtual ~BatchSource() = default;
  // Begins a pass over the data from the first batch; shuffled data depends on the pass's number.
  virtual void begin_pass(std::uint64_t number) = 0;
  // Writes the next batch into `batch`, whose storage is used again; false when the pass is over.
  virtual bool next(Data& batch) = 0;
  // How many batches a pass has; none where only the pass shows it.
  virtual std::optional<std::int64_t> steps() const = 0;
};

// Cuts tensors into batches. REQUIRES rows that agree, at least one of them, and batch_size > 0.
class Batches : public BatchSource {
 public:
  Batches(Data data, std::int64_t batch_size);

  std::int64_t rows() const { return rows_; }
  std::int64_t batch_size() const { return batch_size_; }
  // The order in which the rows are taken from the next pass on; as they lie when empty.
  void set_order(std::vector<std::int64_t> order) { order_ = std::move(order); }

  void begin_pass(std::uint64_t) override { next_ = 0; }
  bool next(Data& batch) override;
  std::optional<std::int64_t> steps() const override { return steps_; }

 private:
  void gather(const Tensors& sources, std::int64_t begin, std::int64_t count, Tensors& batch) const;
  Tensor gather(const Tensor& source, std::int64_t begin, std::int64_t count) const;

  Data data_;
  std::int64_t rows_;
  std::int64_t batch_size_;
  std::int64_t steps_;
  std::int64_t next_ = 0;
  std::vector<std::int64_t> order_;
};

}  // namespace gradus
