#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/shape/parts.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

namespace {

// The positions to cut before, by NumPy's rules.
std::vector<std::int64_t> cuts(const Expansion& op, const Sections& sections, std::size_t axis) {
  const std::int64_t extent = op.shape(0)[axis], count = sections.count();
  std::vector<std::int64_t> result = {0};
  if (sections.is_list()) {
    // The least integer stands for an open end in a slice.
    for (const std::int64_t cut : sections.positions()) result.push_back(std::max(cut, -extent));
  } else {
    if (count <= 0) throw op.value_error(std::to_string(count) + " parts");
    if (extent % count != 0) {
      throw op.shape_error("axis " + std::to_string(axis) + " does not divide into " + std::to_string(count) +
                           " equal parts");
    }
    for (std::int64_t i = 1; i < count; ++i) result.push_back(i * (extent / count));
  }
  result.push_back(extent);
  return result;
}

}  // namespace

std::vector<Variable> split(const Operand& x, const Sections& sections, SplitOptions options) {
  const Expansion op({.name = "split", .takes = Takes::anything}, {x});
  const std::size_t axis = op.call().axis(options.axis);
  const std::vector<std::int64_t> at = cuts(op, sections, axis);
  const std::int64_t extent = op.shape(0)[axis];
  const auto position = [&](std::int64_t cut) {
    return std::clamp<std::int64_t>(cut < 0 ? cut + extent : cut, 0, extent);
  };
  const Variable whole = kernels::whole(op[0]);
  std::vector<Variable> parts;
  for (std::size_t i = 0; i + 1 < at.size(); ++i) {
    const std::int64_t begin = position(at[i]), end = std::max(begin, position(at[i + 1]));
    Dims dims = op.shape(0).dims();
    dims[axis] = end - begin;
    parts.push_back(op.named(kernels::part_of_whole(whole, axis, begin, end, Shape(dims))));
  }
  return parts;
}

namespace records {

OpInfo split() {
  // The parts last to first, so that each has its own place in what is compared.
  const auto into = [](const Shape& x, const Sections& sections, std::int64_t axis) -> record::Case {
    const std::string text =
        sections.is_list() ? to_string(sections.positions()) : std::to_string(sections.count());
    return {"sections = " + text + ", axis = " + std::to_string(axis), {x}, [=](std::span<const Variable> v) {
              const std::vector<Variable> parts = gradus::split(v[0], sections, {.axis = axis});
              return gradus::concatenate(std::vector<Operand>(parts.rbegin(), parts.rend()), {.axis = axis});
            }};
  };
  return record::cases({.signature = "(x, parts or {cut, ..}, {.axis = 0})",
                        .formula = "the parts of x between the cuts",
                        .gradient = "g of each part in its place",
                        .shapes = "any of rank 1 or more -> parts of the axis",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {
                             into({n, 4}, 2, -1),        into({n, n}, n, 0),         into({n}, 1, 0),
                             into({6}, {2, 5}, 0),       into({n, 6}, {1, 1, 4}, 1), into({6, 2}, {-2}, 0),
                             into({6}, {4, 2, 99}, 0),   into({6}, {}, 0),           into({2, n, 4}, {1}, -1),
                             into({2, 2, n, 2}, {1}, 1), into({0, 3}, 3, 1),         into({0, 3}, 2, 0)};
                       },
                       {{"axis 0 does not divide into 2 equal parts: x is [3, 2]", into({3, 2}, 2, 0)},
                        {"0 parts", into({3, 2}, 0, 0)},
                        {"-1 parts", into({3, 2}, -1, 0)},
                        {"axis 2 is out of range [-2, 1]: x is [3, 2]", into({3, 2}, 1, 2)},
                        {"axis 0 of a scalar: x is []", into({}, 1, 0)}});
}

}  // namespace records

}  // namespace gradus
