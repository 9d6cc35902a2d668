#pragma once

#include <cstdint>
#include <string>

namespace gradus::plot {

struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  friend bool operator==(const Color&, const Color&) = default;
};

inline constexpr Color kInk{0x26, 0x26, 0x26};
inline constexpr Color kSoftInk{0x59, 0x59, 0x59};
inline constexpr Color kGrid{0xE4, 0xE4, 0xE4};
inline constexpr Color kWhite{0xFF, 0xFF, 0xFF};

// The colour of a class or series: Okabe and Ito's palette, which colour-blind readers can tell apart. It
// repeats after seven. Throws ValueError for a negative index.
[[nodiscard]] Color class_color(int index);

// `share` of b in a: 0 is a, 1 is b.
[[nodiscard]] Color mix(Color a, Color b, double share);

// Blue for -1, white for 0, orange-red for 1; values beyond are taken as the nearer end.
[[nodiscard]] Color diverging_color(double value);

// True where dark text reads better than white upon the colour.
[[nodiscard]] bool is_light(Color color);

// "#RRGGBB"
[[nodiscard]] std::string hex(Color color);

// The one font a machine with gnuplot has for certain (its packages depend on it), and the sizes in use, in
// pixels.
inline constexpr const char* kFont = "DejaVu Sans";
struct FontSizes {
  double figure_title = 17;
  double panel_title = 14;
  double caption = 12;
  double axis = 13;
  double tick = 12;
  double legend = 12.5;
  double cell = 15;
};
inline constexpr FontSizes kFontSizes{};

}  // namespace gradus::plot
