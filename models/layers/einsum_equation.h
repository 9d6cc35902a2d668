#pragma once

#include <gradus/graph/shape.h>

#include <string>
#include <string_view>

namespace gradus {

// The equation of an EinsumDense, taken apart.
class EinsumEquation {
 public:
  // ValueError naming the equation where it has another form than "ab,bc->ac", "...ab,bc->...ac" or
  // "ab...,bc->ac...".
  explicit EinsumEquation(std::string_view text);

  struct Shapes {
    Shape output = {};  // of a sample
    Shape kernel = {};
    Shape bias = {};  // so that it broadcasts to the output
  };
  // For samples of shape `input`; `output` has -1 where an extent is the input's. ShapeError, ValueError, to
  // which the caller gives the layer's name.
  Shapes shapes(const Shape& input, const Dims& output, std::string_view bias_axes) const;

  const std::string& text() const { return text_; }

 private:
  enum class Ellipsis { none, first, last };

  std::string text_;
  std::string x_, kernel_, output_;
  Ellipsis ellipsis_ = Ellipsis::none;
};

}  // namespace gradus
