#pragma once

#include <gradus/gradus.h>

#include <string>

namespace gradus::testing_data {

// The layer of a class from its config. Throws for a class that is not there.
Layer make_layer(const std::string& class_name, const Config& config);

// A JSON file beside the tests, by its path below tests/models.
Config json_file(const std::string& path);
// {"shape": [2, 3], "values": [...]} in a dtype.
Tensor tensor_of(const ConfigValue& array, DType dtype = DType::float64);

}  // namespace gradus::testing_data
