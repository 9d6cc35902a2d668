#include <gradus/plot/figure.h>

#include <utility>

#include <gradus/graph/error.h>
#include <gradus/models/saving/atomic_file.h>
#include <gradus/plot/process.h>
#include <gradus/plot/script.h>
#include <gradus/plot/svg_repair.h>
#include <gradus/plot/text.h>

namespace gradus::plot {
namespace {

constexpr int kSmallest = 100;
constexpr int kLargest = 10000;

void check_size(const char* name, int pixels) {
  if (pixels >= kSmallest && pixels <= kLargest) return;
  throw ValueError(std::string("Figure: ") + name + " " + std::to_string(pixels) + " is not within " +
                   std::to_string(kSmallest) + " and " + std::to_string(kLargest) + " pixels");
}

// `scale` multiplies the pixels of the picture and of all in it.
std::string draw(const std::string& terminal, int scale, const FigureOptions& options,
                 const std::deque<Panel>& panels) {
  if (panels.empty()) throw ValueError("Figure: there is no panel to draw");
  std::string script = "set terminal " + terminal + " noenhanced background \"#FFFFFF\" size " +
                       std::to_string(options.width * scale) + "," + std::to_string(options.height * scale) +
                       " font " + literal(std::string(kFont) + "," + number(kFontSizes.tick)) + "\n";
  script += figure_script(options, panels);
  // -d: no start-up file of the user's changes the picture. Its own reading of the standard input takes one
  // byte a call, three times slower than the same input opened as a file.
  return output_of({"gnuplot", "-d", "/dev/stdin"}, script);
}

}  // namespace

Figure::Figure(FigureOptions options) : options_(std::move(options)) {
  check_size("width", options_.width);
  check_size("height", options_.height);
  if (options_.columns < 0) {
    throw ValueError("Figure: " + std::to_string(options_.columns) + " columns: at least 0 are wanted");
  }
}

Panel& Figure::panel(PanelOptions options) { return panels_.emplace_back(std::move(options)); }

std::string Figure::svg() const {
  return repaired_svg(draw("svg fixed rounded", 1, options_, panels_), options_.title);
}

std::string Figure::png() const {
  // Fonts are given in pixels, which this terminal takes for points of 1/72 inch at 96 dots an inch: twice
  // 3/4.
  return draw("pngcairo rounded fontscale 1.5 linewidth 2 pointscale 2", 2, options_, panels_);
}

void Figure::write(const std::filesystem::path& stem) const {
  saving::write_file_atomically(stem.string() + ".svg", svg());
  saving::write_file_atomically(stem.string() + ".png", png());
}

}  // namespace gradus::plot
