#include <gradus/graph/error.h>
#include <gradus/models/layers/einsum_equation.h>
#include <gradus/models/sample_shape.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

namespace gradus {

namespace {

constexpr std::string_view kDots = "...";

bool letters(std::string_view part) {
  return !part.empty() &&
         std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isalpha(c); });
}

bool has(std::string_view part, char letter) { return part.find(letter) != std::string_view::npos; }

std::string quoted(char letter) { return std::string("'") + letter + "'"; }

}  // namespace

EinsumEquation::EinsumEquation(std::string_view text) : text_(text) {
  const auto refuse = [&] {
    throw ValueError("EinsumDense: equation '" + text_ +
                     "' must be of the form \"ab,bc->ac\", \"...ab,bc->...ac\" or \"ab...,bc->ac...\"");
  };
  const std::size_t comma = text.find(','), arrow = text.find("->");
  if (comma == std::string_view::npos || arrow == std::string_view::npos || comma > arrow) refuse();
  std::string_view x = text.substr(0, comma), output = text.substr(arrow + 2);
  if (x.starts_with(kDots) && output.starts_with(kDots)) {
    ellipsis_ = Ellipsis::first;
    x.remove_prefix(kDots.size());
    output.remove_prefix(kDots.size());
  } else if (x.ends_with(kDots) && output.ends_with(kDots)) {
    ellipsis_ = Ellipsis::last;
    x.remove_suffix(kDots.size());
    output.remove_suffix(kDots.size());
  }
  x_ = x;
  output_ = output;
  kernel_ = text.substr(comma + 1, arrow - comma - 1);
  if (!letters(x_) || !letters(kernel_) || !letters(output_)) refuse();
  for (const char letter : output_) {
    if (has(x_, letter) || has(kernel_, letter)) continue;
    throw ValueError("EinsumDense: equation '" + text_ + "': " + quoted(letter) +
                     " of the output is neither in the input nor in the kernel");
  }
  for (const char letter : kernel_) {
    if (has(x_, letter) || has(output_, letter)) continue;
    throw ValueError("EinsumDense: equation '" + text_ + "': " + quoted(letter) +
                     " of the kernel is neither in the input nor in the output");
  }
}

// The batch axis is the first letter of x, or the first axis of a leading "...". Below, `input` and the
// output have it in front with an extent of -1, which no weight may have.
EinsumEquation::Shapes EinsumEquation::shapes(const Shape& input, const Dims& output,
                                              std::string_view bias_axes) const {
  std::vector<std::int64_t> in(input.begin(), input.end());
  in.insert(in.begin(), -1);
  const auto elided = static_cast<std::ptrdiff_t>(in.size()) - static_cast<std::ptrdiff_t>(x_.size());
  if (elided < 0 || (elided == 0 && ellipsis_ == Ellipsis::first) ||
      (elided > 0 && ellipsis_ == Ellipsis::none)) {
    throw ShapeError("equation '" + text_ + "' does not fit the input " + batch_text(input));
  }
  const auto in_begin = in.begin() + (ellipsis_ == Ellipsis::first ? elided : 0);
  const std::vector<std::int64_t> dots(ellipsis_ == Ellipsis::first ? in.begin() : in.end() - elided,
                                       ellipsis_ == Ellipsis::first ? in.begin() + elided : in.end());
  std::map<char, std::int64_t> extents;
  for (std::size_t i = 0; i < x_.size(); ++i)
    extents.emplace(x_[i], *(in_begin + static_cast<std::ptrdiff_t>(i)));

  // The output's letters: the batch's own is not among what was given, unless it is in the dots.
  const std::size_t given_from = ellipsis_ == Ellipsis::first ? 0 : 1;
  if (output.size() + given_from != output_.size()) {
    throw ValueError("equation '" + text_ + "' needs an output_shape of " +
                     std::to_string(output_.size() - given_from) + " extents, got " + to_string(output));
  }
  std::vector<std::int64_t> named;
  for (std::size_t i = 0; i < output_.size(); ++i) {
    const char letter = output_[i];
    std::int64_t extent = i < given_from ? -1 : output[i - given_from];
    if (const auto found = extents.find(letter); found != extents.end()) {
      if (extent == -1) extent = found->second;
      if (extent != found->second) {
        throw ShapeError("axis " + quoted(letter) + " of equation '" + text_ + "' is " +
                         std::to_string(found->second) + " in the input, " + std::to_string(extent) +
                         " in output_shape");
      }
    } else if (extent < 1) {
      throw ValueError("axis " + quoted(letter) + " of equation '" + text_ +
                       "' is not in the input: output_shape must give its extent, it has " +
                       std::to_string(extent));
    }
    named.push_back(extent);
  }
  if (ellipsis_ != Ellipsis::first && named.front() != -1) {
    throw ValueError("equation '" + text_ + "': the output must begin with the batch's axis, " +
                     quoted(x_.front()));
  }
  for (std::size_t i = 0; i < output_.size(); ++i) extents.emplace(output_[i], named[i]);

  Shapes shapes;
  std::vector<std::int64_t> kernel;
  for (const char letter : kernel_) {
    if (extents.at(letter) < 0) {
      throw ValueError("axis " + quoted(letter) + " of equation '" + text_ +
                       "' is the batch's, not the kernel's");
    }
    kernel.push_back(extents.at(letter));
  }
  shapes.kernel = Shape(kernel);
  if (!bias_axes.empty()) {
    std::size_t first = output_.size();
    for (const char letter : bias_axes) {
      const std::size_t place = output_.find(letter);
      if (place == std::string::npos || named[place] < 0) {
        throw ValueError("bias axis " + quoted(letter) + " is not in a sample of the output of equation '" +
                         text_ + "'");
      }
      first = std::min(first, place);
    }
    std::vector<std::int64_t> bias;
    for (std::size_t i = first; i < output_.size(); ++i)
      bias.push_back(has(bias_axes, output_[i]) ? named[i] : 1);
    if (ellipsis_ == Ellipsis::last) bias.insert(bias.end(), dots.size(), 1);
    shapes.bias = Shape(bias);
  }
  named.insert(ellipsis_ == Ellipsis::first ? named.begin() : named.end(), dots.begin(), dots.end());
  named.erase(named.begin());  // the batch's
  shapes.output = Shape(named);
  return shapes;
}

}  // namespace gradus
