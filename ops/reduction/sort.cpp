#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/reduction/order.h>
#include <gradus/ops/kernels/shape/gather.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

Variable sort(const Operand& x, SortOptions options) {
  const Expansion op({.name = "sort", .takes = Takes::numbers}, {x});
  const std::size_t axis = options.axis ? op.call().axis(*options.axis) : 0;
  const Variable from = options.axis ? op[0] : reshape(op[0], {op.shape(0).elements()});
  const Tensor positions = kernels::ascending_positions(from.value(), axis);
  return op.named(kernels::take_along(op.call(), from, positions, positions.shape(), axis));
}

namespace records {

OpInfo sort() {
  return record::with_cases(
      record::along_axis([](const Variable& x, std::int64_t axis) { return gradus::sort(x, {.axis = axis}); },
                         {.formula = "the values of x in ascending order",
                          .gradient = "each g where its value came from",
                          .kinks = "equal values: they keep their order",
                          .flops = 10},
                         record::distinct()),
      [](std::int64_t n) -> std::vector<record::Case> {
        const auto flat = [](std::span<const Variable> x) {
          return gradus::sort(x[0], {.axis = std::nullopt});
        };
        return {{"axis = None", {{2, n}}, flat, {record::distinct()}},
                {"axis = None", {{}}, flat},
                {"axis = None", {{0, 3}}, flat}};
      });
}

}  // namespace records

}  // namespace gradus
