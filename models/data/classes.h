#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::data {

// The classes that labels name, in ascending order.
class Classes {
 public:
  // y [n], or [n, k] where a whole row is one label, told apart from the front. ShapeError for a scalar,
  // ValueError for a NaN.
  Classes(const std::string& call, const Tensor& y);

  std::size_t count() const { return first_.size(); }
  // For each label, which class it is.
  const std::vector<std::int64_t>& codes() const { return codes_; }
  // How many labels each class has.
  const std::vector<std::int64_t>& sizes() const { return sizes_; }
  // The row of each class's first label.
  const std::vector<std::int64_t>& first() const { return first_; }
  // The class as a user wrote it: "2", "0.5", "[0, 1]".
  std::string text(std::size_t which) const;

 private:
  Tensor y_;
  std::vector<std::int64_t> codes_;
  std::vector<std::int64_t> sizes_;
  std::vector<std::int64_t> first_;
};

// A label as Python prints it: 2, 0.5, True.
std::string label_text(const Tensor& y, std::int64_t place);

}  // namespace gradus::data
