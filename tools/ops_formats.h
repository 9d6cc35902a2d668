#pragma once

#include <gradus/ops/catalogue.h>

#include <span>
#include <string>

namespace gradus::tools {

// The records as an aligned table, a line an op: name, family, formula, gradient, shapes.
std::string ops_table(std::span<const OpInfo> records);

// As an array of objects: name, family, signature, formula, gradient (null where there is none),
// differentiable, shapes, kinks, and how many samples and errors there are, and flops and bytes of the
// forward pass on the first sample.
std::string ops_json(std::span<const OpInfo> records);

// As a page: a section a family with a table of signature, formula, gradient, shapes, kinks, error messages
// and flops an element.
std::string ops_markdown(std::span<const OpInfo> records);

// The samples that the ops' tests call, an object each: family, op, sample (a description), arguments,
// random, inputs (dtype, shape, values). Their extents are about kTestExtent, drawn from Random(kTestSeed).
std::string ops_samples(std::span<const OpInfo> records);
inline constexpr std::int64_t kTestExtent = 4;
inline constexpr std::uint64_t kTestSeed = 7;

// What the forward pass on an op's first sample costs.
struct FirstSample {
  std::size_t count = 0;  // of all samples
  double flops = 0;
  double bytes = 0;
  double elements = 0;  // of the largest tensor among operands and result
};
// Samples are drawn with extents of kSampleExtent, always the same.
inline constexpr std::int64_t kSampleExtent = 64;
FirstSample first_sample(const OpInfo& record);

}  // namespace gradus::tools
