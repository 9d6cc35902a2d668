#pragma once

#include <string>
#include <string_view>
#include <typeinfo>

namespace gradus {

// The name of a class without its namespaces: "Scale".
std::string class_name(const std::type_info& type);

// As Keras spells a layer's name after its class: "MaxPooling2D" gives "max_pooling2d".
std::string snake_case(std::string_view class_name);

}  // namespace gradus
