#include <gradus/graph/error.h>
#include <gradus/models/data/checks.h>
#include <gradus/models/data/data_rows.h>
#include <gradus/models/data/take_rows.h>

#include <array>
#include <cstring>
#include <vector>

namespace gradus::data {

namespace {

using Member = Tensor Data::*;
struct Named {
  Member member;
  const char* name;
};
constexpr std::array kMembers = {Named{&Data::x, "x"}, Named{&Data::y, "y"},
                                 Named{&Data::sample_weight, "sample_weight"}};

// f of each member that is defined.
template <class F>
Data mapped(const Data& data, F f) {
  Data result;
  for (const Named& each : kMembers) {
    if ((data.*each.member).defined()) result.*each.member = f(data.*each.member);
  }
  return result;
}

std::string text(const Tensor& tensor) {
  return tensor.defined() ? std::string(to_string(tensor.dtype())) + " " + to_string(tensor.shape())
                          : "undefined";
}

Tensor stack_member(std::span<const Data> elements, const Named& each) {
  const Tensor& first = elements.front().*each.member;
  for (std::size_t i = 1; i < elements.size(); ++i) {
    const Tensor& own = elements[i].*each.member;
    const std::string problem = std::string("batch: ") + each.name + " of element " + std::to_string(i) +
                                " is " + text(own) + ", that of the first is " + text(first);
    if (own.defined() != first.defined() || own.shape() != first.shape()) throw ShapeError(problem);
    if (own.dtype() != first.dtype()) throw DTypeError(problem);
  }
  if (!first.defined()) return {};
  std::vector<std::int64_t> dims = {static_cast<std::int64_t>(elements.size())};
  dims.insert(dims.end(), first.shape().begin(), first.shape().end());
  Tensor result = Tensor::empty(Shape(dims), first.dtype());
  std::byte* out = result.buffer()->data();
  for (const Data& element : elements) {
    if (first.bytes() != 0) std::memcpy(out, (element.*each.member).buffer()->data(), first.bytes());
    out += first.bytes();
  }
  return result;
}

}  // namespace

std::int64_t row_count(const std::string& call, const Data& data) {
  const std::int64_t rows = rows_of(call, "x", data.x);
  for (const Named& each : kMembers) {
    const Tensor& tensor = data.*each.member;
    if (tensor.defined() && rows_of(call, each.name, tensor) != rows) {
      throw ShapeError(call + ": x has " + std::to_string(rows) + " rows, " + each.name + " has " +
                       std::to_string(tensor.dim(0)));
    }
  }
  return rows;
}

Data row_of(const Data& data, std::int64_t row) {
  return mapped(data, [&](const Tensor& tensor) { return tensor[row]; });
}

Data gather(const Data& data, std::span<const std::int64_t> rows) {
  return mapped(data, [&](const Tensor& tensor) { return take_rows(tensor, rows); });
}

Data stack(std::span<const Data> elements) {
  Data result;
  for (const Named& each : kMembers) result.*each.member = stack_member(elements, each);
  return result;
}

}  // namespace gradus::data
