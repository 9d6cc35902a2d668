#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradus::plot {

// The text with control characters and invalid UTF-8 replaced by U+FFFD, tabs and newlines by spaces.
[[nodiscard]] std::string printable(std::string_view text);

// The lines of a text, each printable.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

// A string literal for gnuplot that stands for exactly this text. Of ASCII only letters, digits and a few
// harmless signs stand as they are: a backquote, an @ or a quote can then neither run a command nor expand a
// macro.
[[nodiscard]] std::string literal(std::string_view text);

// About how wide a line is in pixels, in DejaVu Sans of the given size.
[[nodiscard]] double text_width(std::string_view text, double font_size, bool bold = false);

// The shortest decimal text that reads back as the same double; "NaN" for what is not finite.
[[nodiscard]] std::string number(double value);

// Text for XML content and attributes.
[[nodiscard]] std::string xml_escaped(std::string_view text);

}  // namespace gradus::plot
