#pragma once

#include <gradus/graph/tensor.h>

#include <array>
#include <string_view>

namespace gradus::data {

inline constexpr std::array<std::string_view, 4> kIrisFeatures = {"sepal length (cm)", "sepal width (cm)",
                                                                  "petal length (cm)", "petal width (cm)"};
// What the classes 0 to 2 are.
inline constexpr std::array<std::string_view, 3> kIrisClasses = {"setosa", "versicolor", "virginica"};

struct Iris {
  Tensor x;  // float64 [150, 4]
  Tensor y;  // int64 [150]: 50 of each class
};

// Fisher's irises (UCI, CC BY 4.0), which are part of the library:
//   auto [x, y] = data::load_iris();
Iris load_iris();

}  // namespace gradus::data
