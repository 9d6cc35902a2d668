#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/ops/catalogue.h>

namespace gradus {

const OpInfo& find_op(std::string_view name) {
  std::vector<std::string_view> known;
  for (const OpInfo& info : catalogue()) {
    if (info.name == name) return info;
    known.push_back(info.name);
  }
  throw ValueError(unknown_name("op", name, known));
}

std::string describe(const OpSample& sample) {
  std::string text;
  for (const Tensor& input : sample.inputs) text += (text.empty() ? "" : ", ") + to_string(input.shape());
  if (!sample.arguments.empty()) text += "; " + sample.arguments;
  return sample.extreme ? text + "; extremes" : text;
}

double bytes_moved(const OpSample& sample, const Tensor& result) {
  std::size_t bytes = result.bytes();
  for (const Tensor& input : sample.inputs) bytes += input.bytes();
  return static_cast<double>(bytes);
}

}  // namespace gradus
