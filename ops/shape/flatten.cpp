#include <gradus/graph/expansion.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

Variable flatten(const Operand& x) {
  const Expansion op({.name = "flatten", .takes = Takes::anything}, {x});
  return op.named(reshape(op[0], {op.shape(0).elements()}));
}

namespace records {

OpInfo flatten() {
  const auto of = [](const Shape& x) -> record::Case {
    return {"", {x}, [](std::span<const Variable> v) { return gradus::flatten(v[0]); }};
  };
  OpInfo record = record::cases({.signature = "(x)",
                                 .formula = "the values of x, row by row",
                                 .gradient = "g under x's shape",
                                 .shapes = "any -> [n]",
                                 .flops = 0},
                                [=](std::int64_t n) -> std::vector<record::Case> {
                                  return {of({n, n}), of({}),        of({n}),          of({n, 1}),
                                          of({1, n}), of({2, n, 3}), of({2, 1, n, 2}), of({0, 3})};
                                },
                                {});
  record.errors = record::undefined_errors(gradus::flatten);
  record.errors.push_back(record.errors.front());
  return record;
}

}  // namespace records

}  // namespace gradus
