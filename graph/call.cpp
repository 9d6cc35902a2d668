#include <gradus/graph/call.h>

#include <algorithm>
#include <array>

namespace gradus {

namespace {

constexpr std::array<std::string_view, 3> kLetters = {"a", "b", "c"};

}  // namespace

DType Call::common_dtype(std::size_t first, std::size_t last) const {
  last = std::min(last, size());
  DType common = dtype(first);
  if (common == DType::boolean) throw dtype_error("does not take booleans");
  for (std::size_t i = first + 1; i < last; ++i) {
    const DType other = dtype(i);
    if (other == common) continue;
    if (other == DType::boolean) throw dtype_error("does not take booleans");
    if (!is_integer(common) || !is_integer(other)) throw dtype_error("the operands' dtypes differ");
    common = DType::int64;
  }
  return common;
}

DType Call::common_floating_dtype(std::size_t first, std::size_t last) const {
  const DType common = common_dtype(first, last);
  return is_integer(common) ? DType::float32 : common;
}

std::size_t Call::axis(std::int64_t axis, std::size_t i) const {
  const std::int64_t rank = shape(i).rank();
  if (axis < -rank || axis >= rank) {
    throw shape_error(rank == 0 ? "axis " + std::to_string(axis) + " of a scalar"
                                : "axis " + std::to_string(axis) + " is out of range [" +
                                      std::to_string(-rank) + ", " + std::to_string(rank - 1) + "]");
  }
  return static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
}

Dims Call::axes(const Axes& axes, std::size_t i) const {
  Dims result = axes;
  for (std::int64_t& value : result) value = static_cast<std::int64_t>(axis(value, i));
  std::sort(result.begin(), result.end());
  if (const auto* twice = std::adjacent_find(result.begin(), result.end()); twice != result.end()) {
    throw shape_error("axis " + std::to_string(*twice) + " is repeated in " + to_string(axes));
  }
  return result;
}

std::string operand_name(const Op& op, std::size_t count, std::size_t i) {
  const auto names = op.operand_names();
  if (i < names.size()) return std::string(names[i]);
  if (count == 1) return "x";
  return count <= kLetters.size() ? std::string(kLetters[i]) : "operand " + std::to_string(i);
}

std::string Call::operand_name(std::size_t i) const {
  std::string name = gradus::operand_name(op_, size(), i);
  if (const auto given = node(i).name(); !given.empty()) name += " '" + std::string(given) + "'";
  return name;
}

std::string Call::message(std::string_view problem, std::string_view operands) const {
  std::string text = std::string(op_.name()) + ": " + std::string(problem);
  if (!operands.empty()) text += ": " + std::string(operands);
  const std::string line = to_string(where_);
  if (!line.empty() || scope_ != nullptr) {
    text += " (" + line + (line.empty() || scope_ == nullptr ? "" : ", ") +
            (scope_ == nullptr ? "" : "in " + *scope_) + ")";
  }
  return text;
}

std::string Call::describe_shapes() const {
  std::string text;
  for (std::size_t i = 0; i < size(); ++i) {
    text += (i != 0 ? ", " : "") + operand_name(i) + " is " + to_string(shape(i));
  }
  return text;
}

std::string Call::describe_dtypes() const {
  std::string text;
  for (std::size_t i = 0; i < size(); ++i) {
    text += (i != 0 ? ", " : "") + operand_name(i) + " is " + std::string(to_string(dtype(i)));
  }
  return text;
}

void Forward::save(Tensor tensor) { saved_.push_back(std::move(tensor)); }

Tensor Forward::take_output() {
  Tensor& result = output();
  if (result.shape() != shape_ || result.dtype() != dtype_) {
    throw StateError(message("forward gave " + std::string(to_string(result.dtype())) + " " +
                                 to_string(result.shape()) + ", the rule says " +
                                 std::string(to_string(dtype_)) + " " + to_string(shape_),
                             {}));
  }
  return std::move(result);
}

void Backward::refuse(std::size_t i, const Tensor& gradient) const {
  const std::string given = "the gradient rule gave operand " + std::to_string(i);
  if (i >= size()) fail(given + " of " + std::to_string(size()));
  if (given_.contains(i)) fail(given + " twice");
  if (!gradient.defined()) fail(given + " an undefined gradient");
  fail(given + ", which is " + std::string(to_string(value(i).dtype())) + " " + to_string(shape(i)) +
       ", a gradient of " + std::string(to_string(gradient.dtype())) + " " + to_string(gradient.shape()));
}

void Backward::refuse_silence() const {
  std::size_t i = 0;
  while (!needs(i) || given_.contains(i)) ++i;
  fail("the gradient rule gave nothing for operand " + std::to_string(i));
}

void Backward::refuse_changed(std::size_t i) const {
  const auto name = edges_[i].node->name();
  fail("operand " + std::to_string(i) + (name.empty() ? "" : " '" + std::string(name) + "'") + " " +
       to_string(shape(i)) +
       " was changed in place after the forward pass, and its gradient needs the old values");
}

void Backward::refuse_changed_output() const {
  fail("its result " + to_string(node_.value().shape()) +
       " was changed in place after the forward pass, and its gradient needs the old values");
}

void Backward::give(std::size_t i, RowGradient gradient) {
  given_.insert(i);
  if (needs(i)) gathered_.add_rows(place(i), std::move(gradient));
}

Variable Backward::output() const {
  static_cast<void>(output_value());
  return Variable(Ref<Node>::share(const_cast<Node*>(&node_)));
}

void Backward::fail(const std::string& problem) const { throw StateError(call().message(problem, {})); }

}  // namespace gradus
