#include <gradus/graph/error.h>
#include <gradus/models/data/checks.h>
#include <gradus/models/data/data_rows.h>
#include <gradus/models/data/take_rows.h>

#include <array>
#include <cstring>
#include <vector>

namespace gradus::data {

namespace {

struct Named {
  Tensors Data::*member;
  const char* name;
};
constexpr std::array kMembers = {Named{&Data::x, "x"}, Named{&Data::y, "y"},
                                 Named{&Data::sample_weight, "sample_weight"}};

// f of each tensor.
template <class F>
Data mapped(Data data, F f) {
  for (const Named& each : kMembers) {
    for (Tensor& tensor : data.*each.member) tensor = f(tensor);
  }
  return data;
}

std::string text(const Tensor& tensor) {
  return std::string(to_string(tensor.dtype())) + " " + to_string(tensor.shape());
}

// Tensor `place` of a member, of all elements.
Tensor stacked(std::span<const Data> elements, const Named& each, std::size_t place) {
  const Tensor& first = (elements.front().*each.member)[place];
  for (std::size_t i = 1; i < elements.size(); ++i) {
    const Tensor& own = (elements[i].*each.member)[place];
    const std::string problem = std::string("batch: ") + each.name + " of element " + std::to_string(i) +
                                " is " + text(own) + ", that of the first is " + text(first);
    if (own.shape() != first.shape()) throw ShapeError(problem);
    if (own.dtype() != first.dtype()) throw DTypeError(problem);
  }
  std::vector<std::int64_t> dims = {static_cast<std::int64_t>(elements.size())};
  dims.insert(dims.end(), first.shape().begin(), first.shape().end());
  Tensor result = Tensor::empty(Shape(dims), first.dtype());
  std::byte* out = result.buffer()->data();
  for (const Data& element : elements) {
    const Tensor& own = (element.*each.member)[place];
    if (own.bytes() != 0) std::memcpy(out, own.buffer()->data(), own.bytes());
    out += own.bytes();
  }
  return result;
}

void check_tensors(std::span<const Data> elements, const Named& each) {
  const Tensors& first = elements.front().*each.member;
  for (std::size_t i = 1; i < elements.size(); ++i) {
    const Tensors& own = elements[i].*each.member;
    const std::string start = std::string("batch: ") + each.name + " of element " + std::to_string(i);
    if (own.size() != first.size()) {
      throw ShapeError(start + " has " + std::to_string(own.size()) + " tensors, that of the first has " +
                       std::to_string(first.size()));
    }
    if (own.names() != first.names()) throw ValueError(start + " has other names than that of the first");
  }
}

}  // namespace

std::int64_t row_count(const std::string& call, const Data& data) {
  if (!data.x.defined()) throw StateError(call + ": x is missing");
  const std::int64_t rows = rows_of(call, "x", data.x[0]);
  for (const Named& each : kMembers) {
    for (const Tensor& tensor : data.*each.member) {
      if (const std::int64_t own = rows_of(call, each.name, tensor); own != rows) {
        throw ShapeError(call + ": x has " + std::to_string(rows) + " rows, " + each.name + " has " +
                         std::to_string(own));
      }
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
  Data result = elements.front();
  for (const Named& each : kMembers) {
    check_tensors(elements, each);
    Tensors& stack = result.*each.member;
    for (std::size_t place = 0; place < stack.size(); ++place) stack[place] = stacked(elements, each, place);
  }
  return result;
}

}  // namespace gradus::data
