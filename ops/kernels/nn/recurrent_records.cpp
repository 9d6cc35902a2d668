#include <gradus/ops/kernels/nn/recurrent_records.h>
#include <gradus/ops/shape.h>

namespace gradus::record {

namespace {

enum class Result : std::uint8_t { output, all };
struct With {
  bool bias = true, hidden = false, cell = false;
  bool return_sequences = false, go_backwards = false;
  Result result = Result::output;
};

std::string text(const With& with) {
  std::string given;
  const auto add = [&](bool yes, std::string_view what) {
    if (yes) given += (given.empty() ? "" : ", ") + std::string(what);
  };
  add(with.bias, "bias");
  add(with.hidden, "initial_hidden");
  add(with.cell, "initial_cell");
  given = "operands = '" + given + "'";
  add(with.return_sequences, "return_sequences = true");
  add(with.go_backwards, "go_backwards = true");
  add(with.result == Result::all, "all_results = true");
  return given;
}

Case recurrent_case(std::vector<Shape> shapes, const With& with, const RecurrentFunction& function) {
  const auto call = [=](std::span<const Variable> v) {
    std::size_t next = 3;
    const auto operand = [&](bool given) { return given ? &v[next++] : nullptr; };
    const Variable *bias = operand(with.bias), *hidden = operand(with.hidden), *cell = operand(with.cell);
    const LstmResult y =
        function({v[0], v[1], v[2], bias, hidden, cell, with.return_sequences, with.go_backwards});
    if (with.result == Result::output) return y.output;
    const auto flat = [](const Variable& part) { return reshape(part, {part.shape().elements()}); };
    std::vector<Operand> parts = {flat(y.output), flat(y.hidden)};
    if (y.cell.defined()) parts.emplace_back(flat(y.cell));
    return concatenate(parts);
  };
  return {text(with), std::move(shapes), call, std::vector<Draw>(6, uniform(-1, 1))};
}

}  // namespace

OpInfo recurrent(OpInfo about, const kernels::CellKind& kind, const RecurrentFunction& function) {
  const std::string factor = kind.gates == 1 ? "" : std::to_string(kind.gates) + " ";
  about.signature = "(x, kernel, recurrent_kernel, bias, {.return_sequences, .go_backwards, .initial_hidden" +
                    std::string(kind.has_cell ? ", .initial_cell})" : "})");
  about.shapes = "[b, t, f], [f, " + factor + "u], [u, " + factor + "u], [" + (kind.apart ? "2, " : "") +
                 factor + "u] -> [b, t, u] or [b, u]; states [b, u]";
  about.flops = [gates = kind.gates](const OpSample& sample, const Tensor& /*result*/) {
    const Shape &x = sample.inputs[0].shape(), &recurrent = sample.inputs[2].shape();
    const double steps = static_cast<double>(x[0] * x[1]), width = static_cast<double>(recurrent[1]);
    return steps * (2 * width * static_cast<double>(x[2] + recurrent[0]) + 15 * static_cast<double>(gates));
  };
  // For x [batch, time, features]: the shapes of all operands that a net of so many units is given.
  const auto shapes = [kind](std::int64_t batch, std::int64_t time, std::int64_t features, std::int64_t units,
                             const With& with) {
    const std::int64_t width = kind.gates * units;
    std::vector<Shape> result = {{batch, time, features}, {features, width}, {units, width}};
    if (with.bias) result.push_back(kind.apart ? Shape{2, width} : Shape{width});
    if (with.hidden) result.push_back({batch, units});
    if (with.cell) result.push_back({batch, units});
    return result;
  };
  const auto by = [=](std::int64_t batch, std::int64_t time, std::int64_t features, std::int64_t units,
                      const With& with = {}) {
    return recurrent_case(shapes(batch, time, features, units, with), with, function);
  };
  const auto wrong = [=](std::size_t operand, const Shape& shape, const With& with = {}) {
    Case one = by(2, 3, 4, 5, with);
    one.shapes[operand] = shape;
    one.draws.clear();
    return one;
  };
  const auto listed = [=](std::size_t operand, const Shape& shape, const With& with = {}) {
    std::vector<Shape> all = shapes(2, 3, 4, 5, with);
    all[operand] = shape;
    std::vector<std::string> names = {"x", "kernel", "recurrent_kernel"};
    if (with.bias) names.emplace_back("bias");
    if (with.hidden) names.emplace_back("initial_hidden");
    if (with.cell) names.emplace_back("initial_cell");
    std::string result;
    for (std::size_t i = 0; i < all.size(); ++i) {
      result += (i == 0 ? ": " : ", ") + names[i] + " is " + to_string(all[i]);
    }
    return result;
  };
  const std::string widths = kind.gates == 1 ? "units]" : std::to_string(kind.gates) + " * units]";
  const std::int64_t width = 5 * kind.gates;
  const bool cell = kind.has_cell;
  return cases(
      std::move(about),
      [=](std::int64_t n) -> std::vector<Case> {
        return {
            by(2, n, 3, 2),
            by(2, n, 3, 2, {.return_sequences = true}),
            by(2, n, 2, 3, {.hidden = true, .cell = cell, .return_sequences = true, .result = Result::all}),
            by(3, 3, 2, 2, {.bias = false, .hidden = true}),
            by(2, 3, 2, 2, {.return_sequences = true, .go_backwards = true}),
            by(2, 3, 1, 2, {.bias = false, .cell = cell, .go_backwards = true, .result = Result::all}),
            by(1, 1, 1, 1),
            by(0, n, 3, 2, {.hidden = true, .return_sequences = true}),
            by(2, 0, 3, 2, {.hidden = true, .result = Result::all}),
            by(2, 0, 3, 2, {.return_sequences = true}),
            by(2, 3, 0, 2)};
      },
      {{"x must be [batch, time, features]" + listed(0, {2, 4}), wrong(0, {2, 4})},
       {"the kernel must be [features, " + widths + ", here [4, " + std::to_string(width) + "]" +
            listed(1, {3, width}),
        wrong(1, {3, width})},
       {"the recurrent kernel must be [units, " + widths + listed(2, {5, 7}), wrong(2, {5, 7})},
       {"the bias must be [" + std::string(kind.apart ? "2, " : "") + std::to_string(width) + "]" +
            listed(3, {3}),
        wrong(3, {3})},
       {"initial_hidden must be [2, 5]" + listed(4, {5}, {.hidden = true}),
        wrong(4, {5}, {.hidden = true})}});
}

}  // namespace gradus::record
