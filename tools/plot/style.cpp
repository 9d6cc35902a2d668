#include <gradus/plot/style.h>

#include <algorithm>
#include <array>
#include <cmath>

#include <gradus/graph/error.h>

namespace gradus::plot {
namespace {

constexpr std::array<Color, 7> kOkabeIto = {
    Color{0x00, 0x72, 0xB2}, Color{0xE6, 0x9F, 0x00}, Color{0x00, 0x9E, 0x73}, Color{0xCC, 0x79, 0xA7},
    Color{0xD5, 0x5E, 0x00}, Color{0x56, 0xB4, 0xE9}, Color{0xF0, 0xE4, 0x42}};

std::uint8_t mix_channel(std::uint8_t a, std::uint8_t b, double share) {
  return static_cast<std::uint8_t>(std::lround(a + (b - a) * share));
}

}  // namespace

Color class_color(int index) {
  if (index < 0)
    throw ValueError("plot: class " + std::to_string(index) + " has no colour: classes count from 0");
  return kOkabeIto[static_cast<std::size_t>(index) % kOkabeIto.size()];
}

Color mix(Color a, Color b, double share) {
  return {mix_channel(a.red, b.red, share), mix_channel(a.green, b.green, share),
          mix_channel(a.blue, b.blue, share)};
}

Color diverging_color(double value) {
  const double strength = std::isnan(value) ? 0 : std::min(std::abs(value), 1.0);
  return mix(kWhite, value < 0 ? kOkabeIto[0] : kOkabeIto[4], strength);
}

bool is_light(Color color) {
  // Rec. 709 luma on the encoded values: enough to choose between two text colours.
  return 0.2126 * color.red + 0.7152 * color.green + 0.0722 * color.blue > 120;
}

std::string hex(Color color) {
  static constexpr const char* kDigits = "0123456789ABCDEF";
  std::string text = "#";
  for (const unsigned channel : {color.red, color.green, color.blue}) {
    text += kDigits[channel / 16];
    text += kDigits[channel % 16];
  }
  return text;
}

}  // namespace gradus::plot
