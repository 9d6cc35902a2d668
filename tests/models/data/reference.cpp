#include "reference.h"

#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

namespace gradus {

namespace {

struct Reference {
  std::string shape;
  std::uint64_t fingerprint = 0;
  std::vector<std::uint64_t> first;
};

std::ifstream open(const std::string& name) {
  return std::ifstream(GRADUS_SOURCE_DIR "/tests/models/data/" + name);
}

std::map<std::string, Reference> read_references() {
  std::ifstream file = open("reference.txt");
  std::map<std::string, Reference> references;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    Reference reference;
    words >> name >> reference.shape >> std::hex >> reference.fingerprint;
    for (std::uint64_t word = 0; words >> word;) reference.first.push_back(word);
    references[name] = reference;
  }
  return references;
}

std::map<std::string, Tensor> read_values() {
  std::ifstream file = open("reference_values.txt");
  std::map<std::string, Tensor> tensors;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name, extents, value;
    words >> name >> extents;
    std::vector<std::int64_t> dims;
    std::istringstream digits(extents);
    for (std::string dim; std::getline(digits, dim, 'x');) dims.push_back(std::stoll(dim));
    std::vector<double> values;
    while (words >> value) values.push_back(std::stod(value));
    tensors[name] = Tensor(values, Shape(dims));
  }
  return tensors;
}

std::map<std::string, std::string> read_texts() {
  std::ifstream file = open("reference_texts.txt");
  std::map<std::string, std::string> texts;
  std::string name;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("=== ")) {
      name = line.substr(4);
    } else {
      texts[name] += line + "\n";
    }
  }
  return texts;
}

std::string text(const Shape& shape) {
  std::string result;
  for (const std::int64_t dim : shape) result += (result.empty() ? "" : "x") + std::to_string(dim);
  return result;
}

// FNV-1a
std::uint64_t fingerprint(const Tensor& tensor) {
  std::uint64_t value = 0xCBF29CE484222325;
  const std::byte* data = tensor.buffer()->data();
  for (std::size_t i = 0; i < tensor.bytes(); ++i) {
    value = (value ^ static_cast<std::uint64_t>(data[i])) * 0x100000001B3;
  }
  return value;
}

}  // namespace

std::string difference_from_reference(const std::string& name, const Tensor& tensor) {
  static const std::map<std::string, Reference> references = read_references();
  const auto found = references.find(name);
  if (found == references.end()) return name + " is not in reference.txt";
  const Reference& reference = found->second;
  if (item_size(tensor.dtype()) != 8) return name + ": the elements do not take 8 bytes";
  if (text(tensor.shape()) != reference.shape) {
    return name + ": the shape is " + text(tensor.shape()) + ", not " + reference.shape;
  }
  for (std::size_t i = 0; i < reference.first.size(); ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, tensor.buffer()->data() + 8 * i, 8);
    if (word != reference.first[i]) return name + ": element " + std::to_string(i) + " differs";
  }
  return fingerprint(tensor) == reference.fingerprint ? "" : name + ": the fingerprint differs";
}

Tensor reference_values(const std::string& name) {
  static const std::map<std::string, Tensor> values = read_values();
  return values.at(name);
}

std::string reference_text(const std::string& name) {
  static const std::map<std::string, std::string> texts = read_texts();
  return texts.at(name);
}

}  // namespace gradus
