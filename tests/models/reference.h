#pragma once

#include <gradus/graph/tensor.h>
#include <gradus/models/config/config.h>

#include <string>

namespace gradus::testing_data {

// A JSON file beside the tests, by its path below tests/models. Throws where there is none.
Config json_file(const std::string& path);

// The cases of a reference.json, which the make_reference.py beside it wrote; `folder` is "losses" or
// "metrics".
const Config& reference(const std::string& folder);

// A tensor written as {"shape": …, "values": …}.
Tensor tensor_of(const ConfigValue& value, DType dtype = DType::float64);

// What makes a case's test readable in gtest's list: its name.
struct CaseName {
  template <class Info>
  std::string operator()(const Info& info) const {
    return info.param.name;
  }
};

}  // namespace gradus::testing_data
