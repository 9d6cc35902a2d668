#include <gradus/tools/ops_formats.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace gradus::tools {

FirstSample first_sample(const OpInfo& record) {
  Random random(0);
  const std::vector<OpSample> samples = record.samples(random, kSampleExtent);
  const OpSample& first = samples.at(0);
  std::int64_t elements = 0;
  std::vector<Variable> operands;
  for (const Tensor& input : first.inputs) {
    operands.emplace_back(input);
    elements = std::max(elements, input.size());
  }
  const Tensor result = first.call(operands).value();
  return {.count = samples.size(),
          .flops = record.flops(first, result),
          .bytes = bytes_moved(first, result),
          .elements = static_cast<double>(std::max(elements, result.size()))};
}

namespace {

using Row = std::array<std::string, 5>;

// In characters: every byte of UTF-8 but the continuations.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

}  // namespace

std::string ops_table(std::span<const OpInfo> records) {
  std::vector<Row> rows = {{"name", "family", "formula", "gradient", "shapes"}};
  for (const OpInfo& record : records) {
    rows.push_back({record.name, record.family, record.formula,
                    record.differentiable() ? record.gradient : "none", record.shapes});
  }
  std::array<std::size_t, 5> widths = {};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      text += row[i] + std::string(widths[i] - width(row[i]) + 2, ' ');
    }
    text += row.back() + "\n";
  }
  return text;
}

std::string ops_json(std::span<const OpInfo> records) {
  auto list = nlohmann::ordered_json::array();
  for (const OpInfo& record : records) {
    const FirstSample first = first_sample(record);
    nlohmann::ordered_json entry = {
        {"name", record.name},           {"family", record.family},
        {"signature", record.signature}, {"formula", record.formula},
        {"gradient", nullptr},           {"differentiable", record.differentiable()},
        {"shapes", record.shapes},       {"kinks", record.kinks},
        {"samples", first.count},        {"errors", record.errors.size()},
        {"flops", first.flops},          {"bytes", first.bytes}};
    if (record.differentiable()) entry["gradient"] = record.gradient;
    list.push_back(std::move(entry));
  }
  return list.dump(2) + "\n";
}

}  // namespace gradus::tools
