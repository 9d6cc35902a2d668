#pragma once

#include <gradus/graph/tensor.h>

#include <array>
#include <string>
#include <string_view>

namespace gradus::data {

// What the classes 0 to 9 show.
inline constexpr std::array<std::string_view, 10> kFashionMnistClasses = {
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};

struct FashionMnistOptions {
  std::string path = "/usr/share/datasets/fashion-mnist";  // the folder of its four files, gzip or not
};

struct FashionMnist {
  Tensor x_train;  // float32 [60000, 28, 28]: whole numbers from 0 (white) to 255
  Tensor y_train;  // int32 [60000]: classes 0 to 9
  Tensor x_test;   // [10000, 28, 28]
  Tensor y_test;   // [10000]
};

// Pictures of ten kinds of clothing (Xiao, Rasul and Vollgraf 2017), as Debian's package
// dataset-fashion-mnist has them:
//   auto [x_train, y_train, x_test, y_test] = data::load_fashion_mnist();
// FileError for a file that is missing, is damaged or does not hold what its name says.
FashionMnist load_fashion_mnist(const FashionMnistOptions& options = {});

}  // namespace gradus::data
