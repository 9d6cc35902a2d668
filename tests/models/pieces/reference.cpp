#include "reference.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace gradus::testing_data::pieces {

namespace {

Shape shape_of(const std::string& text) {
  std::vector<std::int64_t> extents;
  std::istringstream parts(text == "-" ? "" : text);
  for (std::string part; std::getline(parts, part, 'x');) extents.push_back(std::stoll(part));
  return Shape(std::span<const std::int64_t>(extents));
}

std::map<std::string, Tensor> read_references() {
  std::ifstream file(GRADUS_SOURCE_DIR "/tests/models/pieces/reference.txt");
  std::map<std::string, Tensor> references;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name, shape;
    words >> name >> shape;
    std::vector<double> values;
    for (std::string word; words >> word;) values.push_back(std::strtod(word.c_str(), nullptr));
    references[name] = Tensor(values, shape_of(shape));
  }
  return references;
}

}  // namespace

Tensor reference(const std::string& name) {
  static const std::map<std::string, Tensor> references = read_references();
  const auto found = references.find(name);
  if (found == references.end()) throw std::runtime_error(name + " is not in reference.txt");
  return found->second;
}

std::string difference(const Tensor& tensor, const std::string& name, double tolerance) {
  const Tensor expected = reference(name);
  if (tensor.shape() != expected.shape()) {
    return name + ": the shape is " + to_string(tensor.shape()) + ", not " + to_string(expected.shape());
  }
  const auto given = tensor.to_vector<double>(), wanted = expected.to_vector<double>();
  for (std::size_t i = 0; i < given.size(); ++i) {
    const bool same = given[i] == wanted[i] || (std::isnan(given[i]) && std::isnan(wanted[i]));
    if (!same && !(std::abs(given[i] - wanted[i]) <= tolerance * std::max(1.0, std::abs(wanted[i])))) {
      std::ostringstream text;
      text << name << ": element " << i << " is " << given[i] << ", not " << wanted[i];
      return text.str();
    }
  }
  return "";
}

}  // namespace gradus::testing_data::pieces
