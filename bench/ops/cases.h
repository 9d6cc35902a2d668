#pragma once

// The cases of the comparison of ops: what is called on what. Both programs read this one list, ours and
// libtorch's, so it names neither library.

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::bench {

enum class Fill : std::uint8_t {
  uniform,           // in [low, high)
  integers,          // whole numbers in [low, high), of int64
  booleans,          // true or false
  one_hot,           // rows with one 1
  distribution,      // rows of positive numbers whose sum is 1
  positive_definite  // symmetric matrices
};

struct Input {
  std::vector<std::int64_t> shape;
  Fill fill = Fill::uniform;
  double low = -2;
  double high = 2;
  bool constant = false;  // has values but wants no gradient, as a loss's y_true
};

constexpr std::int64_t kAllAxes = 99;

struct Case {
  std::string op;
  std::string variant;  // how it is called: "axis=0"; empty for the plain way
  std::string size;     // "16", "1K", "64K", "1M", or the shapes where a number says little
  std::vector<Input> inputs;
  std::int64_t axis = -1;  // kAllAxes: over all

  std::string label() const { return variant.empty() ? op : op + "[" + variant + "]"; }
};

std::vector<Case> elementwise_cases();
std::vector<Case> activation_cases();
std::vector<Case> reduction_cases();
std::vector<Case> shape_cases();
std::vector<Case> loss_cases();
std::vector<Case> linalg_cases();
std::vector<Case> nn_cases();
std::vector<Case> all_cases();

// Whether there is a gradient to compute.
bool has_gradient(const Case& item);

// The sizes of all but linalg and nn: so many elements, as a square, or as rows of 16.
struct Size {
  std::string name;
  std::int64_t side;
  std::int64_t elements() const { return side * side; }
  std::vector<std::int64_t> square() const { return {side, side}; }
  std::vector<std::int64_t> rows() const { return {elements() / 16, 16}; }
};
const std::vector<Size>& sizes();

// The values of an input, the same in every program; integers and booleans come as numbers.
std::vector<float> values(const Input& input, std::uint64_t seed);

}  // namespace gradus::bench
