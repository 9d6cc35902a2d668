#pragma once

#include <gradus/gradus.h>

#include <string>

#include "../reference.h"

namespace gradus::testing_data {

// The layer of a class from its config. Throws for a class that is not there.
Layer make_layer(const std::string& class_name, const Config& config);

}  // namespace gradus::testing_data
