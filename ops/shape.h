#pragma once

// Operations that move values and compute none. They take every dtype.

#include <gradus/graph/operand.h>

#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace gradus {

struct TransposeOptions {
  Axes axes = {};  // axis i of the result is axis axes[i] of x; empty: all axes in reverse
};
struct ConcatenateOptions {
  std::int64_t axis = 0;
};

// Whole numbers, written as axes are: `2` or `{1, 2}`.
using Counts = Axes;

struct ExpandDimsOptions {
  Axes axis = 0;  // places in the result's shape
};
struct SqueezeOptions {
  Axes axis = {};  // empty: every axis of extent 1
};
struct StackOptions {
  std::int64_t axis = 0;  // the place of the new axis
};
struct UnstackOptions {
  std::int64_t axis = 0;
};
struct SplitOptions {
  std::int64_t axis = 0;
};
struct TakeOptions {
  std::optional<std::int64_t> axis = std::nullopt;  // none: x is flattened first
};
struct TakeAlongAxisOptions {
  std::optional<std::int64_t> axis = -1;  // none: x is flattened first
};
struct RepeatOptions {
  std::optional<std::int64_t> axis = std::nullopt;  // none: x is flattened first
};
struct FlipOptions {
  Axes axis = {};  // empty: all axes
};
struct RollOptions {
  Axes axis = {};  // empty: x is rolled as if it were flat
};

// Where split cuts: into so many equal parts, or before these positions.
class Sections {
 public:
  template <std::integral I>
  Sections(I count) : count_(static_cast<std::int64_t>(count)) {}                         // NOLINT: implicit
  Sections(std::initializer_list<Dim> positions) : positions_(positions), list_(true) {}  // NOLINT
  explicit Sections(const std::vector<std::int64_t>& positions)
      : positions_(std::span(positions)), list_(true) {}

  bool is_list() const { return list_; }
  std::int64_t count() const { return count_; }
  const Dims& positions() const { return positions_; }

 private:
  std::int64_t count_ = 0;
  Dims positions_;
  bool list_ = false;
};

// Values added at the two ends of an axis.
struct PadWidth {
  std::int64_t before = 0;
  std::int64_t after = 0;
};
// What pad fills with, for x = a b c: "constant": 0 0 a b c 0 0; "edge": a a a b c c c; "reflect":
// c b a b c b a; "symmetric": b a a b c c b. The last two go on back and forth as far as is asked.
class PadMode {
 public:
  enum Kind : std::uint8_t { fill, edge, reflect, symmetric };
  constexpr PadMode(Kind kind = fill) : kind_(kind) {}            // NOLINT: implicit on purpose
  PadMode(std::string_view name);                                 // NOLINT: ValueError for an unknown name
  PadMode(const char* name) : PadMode(std::string_view(name)) {}  // NOLINT
  constexpr operator Kind() const { return kind_; }               // NOLINT

 private:
  Kind kind_;
};
struct PadOptions {
  PadMode mode = {};
  double constant_values = 0;  // ValueError where x's dtype does not hold it
};

// start:stop:step of one axis, as in Python: negative positions count from the end, those outside are
// clipped.
struct Slice {
  static constexpr std::int64_t kOpen = std::numeric_limits<std::int64_t>::min();
  std::int64_t start = kOpen;  // open: from the first, or from the last when step is negative
  std::int64_t stop = kOpen;   // open: to the end the step leads to
  std::int64_t step = 1;
};

// The same values under another shape, sharing them; one extent may be -1. ShapeError when sizes differ.
Variable reshape(const Operand& x, const Dims& shape);
// ShapeError unless the axes are a permutation.
Variable transpose(const Operand& x, TransposeOptions options = {});
// Joined along an existing axis. ShapeError: no operand, other ranks, other extents; all dtypes must agree.
Variable concatenate(const std::vector<Operand>& xs, ConcatenateOptions options = {});
// A copy of part of x: one Slice for each of the first axes. ShapeError: more slices than axes; ValueError:
// step 0.
Variable slice(const Operand& x, const std::vector<Slice>& slices);
// Repeats axes of extent 1, and leading ones, as NumPy broadcasts. ShapeError when x does not broadcast to
// `shape`.
Variable broadcast_to(const Operand& x, const Shape& shape);

// All values in one axis, row by row.
Variable flatten(const Operand& x);
// New axes of extent 1 at these places of the result. ShapeError: an axis out of range or repeated.
Variable expand_dims(const Operand& x, ExpandDimsOptions options = {});
// Without axes of extent 1. ShapeError for an axis of another extent.
Variable squeeze(const Operand& x, SqueezeOptions options = {});
// Joined along a new axis. ShapeError: no operand, shapes that differ; all dtypes must agree.
Variable stack(const std::vector<Operand>& xs, StackOptions options = {});
// The parts x[0], x[1], … along an axis, without it. ShapeError for an axis out of range.
std::vector<Variable> unstack(const Operand& x, UnstackOptions options = {});
// Parts along an axis: `split(x, 3)` are three of equal extent, ShapeError when they do not come out even;
// `split(x, {2, 5})` are x[:2], x[2:5] and x[5:]. ValueError for no parts.
std::vector<Variable> split(const Operand& x, const Sections& sections, SplitOptions options = {});

// Indices are int32 or int64, of any shape; negative ones count from the end. ValueError for one out of
// range, DTypeError for other dtypes. Gradients that meet in one place are added, always in the same order.

// x[.., indices, ..] along an axis: the indices' shape stands in the axis's place.
Variable take(const Operand& x, const Operand& indices, TakeOptions options = {});
// y[.., i, ..] = x[.., indices[.., i, ..], ..]: `indices` has x's rank, and other axes broadcast.
Variable take_along_axis(const Operand& x, const Operand& indices, TakeAlongAxisOptions options = {});
// x with updates[i] added to x[indices[i]] for each i, as often as it stands there. `updates` is
// [indices' shape.., x's other axes..].
Variable scatter_add(const Operand& x, const Operand& indices, const Operand& updates);

// Wider by a PadWidth an axis, or by one for all. ShapeError: another number of them, a mode that takes
// values from an empty axis; ValueError: a negative width.
Variable pad(const Operand& x, const std::vector<PadWidth>& pad_width, PadOptions options = {});
// x side by side reps[axis] times; the shorter of x's shape and `reps` gets leading ones. ValueError: a
// negative number.
Variable tile(const Operand& x, const Counts& reps);
// Each value as often as `repeats` says: one number for all, or one a position of the axis.
// ValueError: a negative number; ShapeError: another number of repeats than positions.
Variable repeat(const Operand& x, const Counts& repeats, RepeatOptions options = {});
// In reverse order along the axes. ShapeError for one out of range or repeated.
Variable flip(const Operand& x, FlipOptions options = {});
// Moved on by `shift` places; what falls off the end comes back at the start. One shift for all axes, or one
// each. ShapeError: another number of shifts than axes, an axis out of range or repeated.
Variable roll(const Operand& x, const Counts& shift, RollOptions options = {});
// Axis source[i] becomes axis destination[i]; the others keep their order. ShapeError:
// lists of other lengths, an axis out of range or repeated.
Variable moveaxis(const Operand& x, const Axes& source, const Axes& destination);
// With two axes exchanged. ShapeError for one out of range.
Variable swapaxes(const Operand& x, std::int64_t axis1, std::int64_t axis2);

}  // namespace gradus
