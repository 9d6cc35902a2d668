#pragma once

#include <gradus/models/layer.h>

#include <vector>

namespace gradus {

// How whole numbers are told as vectors: "one_hot", a vector for each with a 1 at its place; "multi_hot", one
// for each sample with a 1 at every place that occurs in it; "count", with how often it does; "int", the
// numbers themselves.
class CategoryMode {
 public:
  enum Kind : std::uint8_t { integer, one_hot, multi_hot, count };
  constexpr CategoryMode(Kind kind = integer) : kind_(kind) {}              // NOLINT: implicit on purpose
  CategoryMode(std::string_view name);                                      // NOLINT: ValueError
  CategoryMode(const char* name) : CategoryMode(std::string_view(name)) {}  // NOLINT
  constexpr operator Kind() const { return kind_; }                         // NOLINT
  std::string_view name() const;

 private:
  Kind kind_;
};

struct CategoryEncodingOptions {
  CategoryMode output_mode = CategoryMode::multi_hot;  // not "int"
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Categories 0 to num_tokens - 1 as vectors: [batch, n] -> [batch, num_tokens], or, "one_hot", [batch, ...,
// n]
// -> [batch, ..., n, num_tokens], where n = 1 is left out. "count" takes a second input of the first's shape:
// how much each counts. ValueError for a number that is no category; ShapeError for another rank. No gradient
// but that of the counts.
class CategoryEncoding : public Layer {
 public:
  explicit CategoryEncoding(std::int64_t num_tokens, CategoryEncodingOptions options = {});
  static CategoryEncoding from_config(const Config& config);
};

class BinBoundaries : public std::vector<double> {
 public:
  using std::vector<double>::vector;
};

struct DiscretizationOptions {
  BinBoundaries bin_boundaries = {};          // in ascending order
  std::optional<std::int64_t> num_bins = {};  // instead of boundaries: `adapt` finds them
  double epsilon = 0.01;                      // how exact the quantiles are that it finds
  CategoryMode output_mode = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Numbers as the bins they fall into, bin i being those from boundary i - 1 to less than boundary i; then as
// CategoryEncoding has it. "int" gives int32 of the input's shape. ValueError unless either boundaries or a
// number of bins is given, for boundaries that do not ascend or are NaN, or an epsilon outside (0, 1).
class Discretization : public Layer {
 public:
  explicit Discretization(DiscretizationOptions options);
  static Discretization from_config(const Config& config);
  // Takes the quantiles of all values of `data` as boundaries, by Keras's rule. ValueError for no values or
  // one that is NaN, StateError where boundaries were given.
  void adapt(const Tensor& data) const;
  // StateError before `adapt`.
  const BinBoundaries& bin_boundaries() const;
};

}  // namespace gradus
