#include <gradus/plot/canvas.h>

#include <cmath>
#include <ostream>

#include <gradus/plot/text.h>

namespace gradus::plot {
namespace {

constexpr double kHeadLength = 11;

std::string rgb(Color color) { return " rgb " + literal(hex(color)); }

// Six decimals of a fraction of the screen are far below a pixel.
double rounded(double fraction) { return std::round(fraction * 1e6) / 1e6; }

}  // namespace

Color outline_of(Color fill) { return mix(fill, Color{}, 0.42); }

std::string Canvas::place(Point point) const {
  return "screen " + number(rounded(point.x / width_)) + ", screen " + number(rounded(1 - point.y / height_));
}

void Canvas::margins(const Box& axes) {
  out_ << "set lmargin at screen " << number(rounded(axes.left / width_)) << "\nset rmargin at screen "
       << number(rounded(axes.right / width_)) << "\nset tmargin at screen "
       << number(rounded(1 - axes.top / height_)) << "\nset bmargin at screen "
       << number(rounded(1 - axes.bottom / height_)) << '\n';
}

void Canvas::text(Point at, const std::string& text, const TextStyle& style) {
  const std::string line = printable(text);
  const double width = text_width(line, style.size, style.bold);
  const double before = style.align == Align::kLeft ? 0 : style.align == Align::kCenter ? width / 2 : width;
  if (style.plate) {
    const double half = style.size * 0.62;
    const double left = at.x - before - 2;
    out_ << "set object rectangle from " << place({left, at.y + half}) << " to "
         << place({left + width + 4, at.y - half}) << " front fs transparent solid 0.75 noborder fc"
         << rgb(kWhite) << '\n';
  }
  static constexpr const char* kAlign[] = {"left", "center", "right"};
  out_ << "set label " << literal(line) << " at " << place(at) << ' ' << kAlign[static_cast<int>(style.align)]
       << (style.upwards ? " rotate by 90" : " norotate") << " front font "
       << literal(std::string(kFont) + (style.bold ? ":Bold," : ",") + number(style.size)) << " tc"
       << rgb(style.color) << '\n';
}

void Canvas::rectangle(const Box& box, Color fill) {
  out_ << "set object rectangle from " << place({box.left, box.bottom}) << " to "
       << place({box.right, box.top}) << " behind fs solid 1 noborder fc" << rgb(fill) << '\n';
}

void Canvas::arrow(Point from, Point to, Color color, double width) {
  // A white shadow keeps it clear of what lies under it.
  out_ << "set arrow from " << place(from) << " to " << place(to) << " front nohead lw "
       << number(width + 2.4) << " lc" << rgb(kWhite) << '\n';
  out_ << "set arrow from " << place(from) << " to " << place(to) << " front head filled size screen "
       << number(rounded(kHeadLength / width_)) << ", 18, 90 lw " << number(width) << " lc" << rgb(color)
       << '\n';
}

void Canvas::line(Point from, Point to, Color color, bool dashed) {
  out_ << "set arrow from " << place(from) << " to " << place(to) << " front nohead lw 2"
       << (dashed ? " dt (9,6)" : "") << " lc" << rgb(color) << '\n';
}

void Canvas::disc(Point centre, double radius, Color color) {
  out_ << "set label \"\" at " << place(centre) << " front point pt 7 ps " << number(point_size(radius))
       << " lc" << rgb(color) << '\n';
}

void Canvas::legend_entry(const LegendEntry& entry, Point origin) {
  const double x = origin.x + entry.offset;
  const double y = origin.y;
  const double sample = glyph_width(entry.glyph) - 8;
  switch (entry.glyph) {
    case Glyph::kPoint:
      disc({x + 5, y}, 4.6, outline_of(entry.color));
      disc({x + 5, y}, 3.9, entry.color);
      break;
    case Glyph::kArrow: arrow({x, y}, {x + sample, y}, entry.color, 2); break;
    case Glyph::kLine:
    case Glyph::kDashedLine:
    case Glyph::kDottedLine:
      line({x, y}, {x + sample, y}, entry.color, entry.glyph == Glyph::kDashedLine);
      if (entry.glyph == Glyph::kDottedLine) disc({x + sample / 2, y}, 3, entry.color);
      break;
  }
  text({x + glyph_width(entry.glyph), y}, entry.label, {.size = kFontSizes.legend});
}

}  // namespace gradus::plot
