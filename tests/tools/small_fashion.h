#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace gradus::test {

// The header of an IDX file of bytes: [rows] or [rows, side, side].
inline std::string idx_header(unsigned rank, unsigned rows, int side) {
  std::string text = {
      0, 0, 8, static_cast<char>(rank), 0, 0, static_cast<char>(rows >> 8), static_cast<char>(rows)};
  for (unsigned axis = 1; axis < rank; ++axis) text += {0, 0, 0, static_cast<char>(side)};
  return text;
}

// A part ("train", "t10k") of a small data set in the format of Fashion-MNIST, whose class is where the
// picture is bright.
inline void write_small_fashion(const std::filesystem::path& folder, const std::string& part, unsigned rows) {
  constexpr int kSide = 28, kClasses = 10;
  std::string images = idx_header(3, rows, kSide), labels = idx_header(1, rows, kSide);
  for (unsigned row = 0; row < rows; ++row) {
    const auto label = static_cast<int>(row * 7 % kClasses);
    labels += static_cast<char>(label);
    for (int i = 0; i < kSide; ++i) {
      const bool bright = i == 2 * label || i == 2 * label + 1;
      images.append(kSide, static_cast<char>(bright ? 255 : (row + static_cast<unsigned>(i)) % 40));
    }
  }
  std::ofstream(folder / (part + "-images-idx3-ubyte"), std::ios::binary) << images;
  std::ofstream(folder / (part + "-labels-idx1-ubyte"), std::ios::binary) << labels;
}

}  // namespace gradus::test
