#include <gradus/graph/error.h>
#include <gradus/models/layers/borders.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/spatial.h>

namespace gradus {

namespace {

void require_two(std::size_t count) {
  if (count == 2) return;
  throw ValueError("Borders: give one number, two, or two pairs of numbers, got a list of " +
                   std::to_string(count));
}

ConfigValue pair_value(const PadWidth& width) {
  return ConfigValue::List{ConfigValue(width.before), ConfigValue(width.after)};
}

}  // namespace

Borders::Borders(std::initializer_list<Dim> each) {
  require_two(each.size());
  for (std::size_t i = 0; i < 2; ++i) widths_[i] = {each.begin()[i].value, each.begin()[i].value};
}

Borders::Borders(std::initializer_list<PadWidth> widths) {
  require_two(widths.size());
  for (std::size_t i = 0; i < 2; ++i) widths_[i] = widths.begin()[i];
}

inline ConfigValue to_config_value(const Borders& borders) {
  return ConfigValue::List{pair_value(borders.widths()[0]), pair_value(borders.widths()[1])};
}

inline void read_config_value(const ConfigValue& value, Borders& borders) {
  if (!value.is_list()) {
    borders = Borders(value.integer());
    return;
  }
  std::array<PadWidth, 2> widths;
  require_two(value.list().size());
  for (std::size_t i = 0; i < 2; ++i) {
    const ConfigValue& each = value.list()[i];
    if (each.is_list()) {
      require_two(each.list().size());
      widths[i] = {each.list()[0].integer(), each.list()[1].integer()};
    } else {
      widths[i] = {each.integer(), each.integer()};
    }
  }
  borders = Borders(widths);
}

template <>
inline constexpr auto kFields<ZeroPadding1DOptions> =
    std::tuple(field("padding", &ZeroPadding1DOptions::padding),
               field("data_format", &ZeroPadding1DOptions::data_format));
template <>
inline constexpr auto kFields<ZeroPadding2DOptions> =
    std::tuple(field("padding", &ZeroPadding2DOptions::padding),
               field("data_format", &ZeroPadding2DOptions::data_format));
template <>
inline constexpr auto kFields<Cropping1DOptions> = std::tuple(field("cropping",
                                                                    &Cropping1DOptions::cropping));
template <>
inline constexpr auto kFields<Cropping2DOptions> = std::tuple(field("cropping", &Cropping2DOptions::cropping),
                                                              field("data_format",
                                                                    &Cropping2DOptions::data_format));

namespace {

std::vector<PadWidth> widths_of(std::string_view owner, std::string_view option, const Axes& given) {
  if (given.size() != 1 && given.size() != 2) {
    throw ValueError(std::string(owner) + ": " + std::string(option) + " must be one number or 2, got " +
                     to_string(given));
  }
  return {{given[0], given[given.size() - 1]}};
}
std::vector<PadWidth> widths_of(std::string_view, std::string_view, const Borders& given) {
  return {given.widths().begin(), given.widths().end()};
}

template <class Options>
DataFormat format_of(const Options& options) {
  if constexpr (requires { options.data_format; }) return options.data_format;
  return {};
}

// What the two have in common: a width at each end of each spatial axis.
template <class Options>
class BordersKind : public ImageKind {
 public:
  template <class Given>
  BordersKind(std::string_view owner, std::string_view option, const Given& given, Options options)
      : ImageKind(common_options(options), static_cast<int>(widths_of(owner, option, given).size()),
                  format_of(options)),
        widths_(widths_of(owner, option, given)),
        options_(std::move(options)) {
    for (const PadWidth& width : widths_) {
      for (const std::int64_t each : {width.before, width.after}) {
        if (each >= 0 && each <= kMostOfAnOption) continue;
        throw ValueError(std::string(owner) + ": " + std::string(option) +
                         (each < 0 ? " must not be negative, got " : " must be less than 2147483648, got ") +
                         std::to_string(each));
      }
    }
  }

  Config get_config() const override { return options_config(options_); }

 protected:
  const std::vector<PadWidth>& widths() const { return widths_; }

 private:
  std::vector<PadWidth> widths_;
  Options options_;
};

template <class Options>
class ZeroPaddingKind : public BordersKind<Options> {
 public:
  ZeroPaddingKind(std::string_view owner, Options options)
      : BordersKind<Options>(owner, "padding", options.padding, options) {}

 protected:
  Variable call_image(const Operand& x, const CallOptions&) override {
    std::vector<PadWidth> all = {{}};
    all.insert(all.end(), this->widths().begin(), this->widths().end());
    all.emplace_back();
    return pad(x, all);
  }
  Shape image_shape(const Shape& image) override {
    Dims extents = spatial_extents(image);
    for (std::size_t i = 0; i < extents.size(); ++i) {
      extents[i] += this->widths()[i].before + this->widths()[i].after;
    }
    return image_of(extents, image.back());
  }
};

template <class Options>
class CroppingKind : public BordersKind<Options> {
 public:
  CroppingKind(std::string_view owner, Options options)
      : BordersKind<Options>(owner, "cropping", options.cropping, options) {}

 protected:
  Variable call_image(const Operand& x, const CallOptions&) override {
    const Dims left = cropped(Shape(std::span(x.shape().begin() + 1, x.shape().end())));
    std::vector<Slice> slices = {{}};
    for (std::size_t i = 0; i < left.size(); ++i) {
      const std::int64_t before = this->widths()[i].before;
      slices.push_back({.start = before, .stop = before + left[i]});
    }
    return slice(x, slices);
  }
  Shape image_shape(const Shape& image) override { return image_of(cropped(image), image.back()); }

 private:
  Dims cropped(const Shape& image) const {
    Dims extents = spatial_extents(image);
    for (std::size_t i = 0; i < extents.size(); ++i) {
      extents[i] -= this->widths()[i].before + this->widths()[i].after;
      if (extents[i] < 1) {
        throw ShapeError(this->name() + ": the cropping {" + std::to_string(this->widths()[i].before) + ", " +
                         std::to_string(this->widths()[i].after) + "} leaves nothing of the image " +
                         to_string(spatial_extents(image)));
      }
    }
    return extents;
  }
};

template <template <class> class Kind, class Options>
std::shared_ptr<Layer::Kind> borders(std::string_view owner, Options options) {
  return std::make_shared<Kind<Options>>(owner, std::move(options));
}

}  // namespace

ZeroPadding1D::ZeroPadding1D(ZeroPadding1DOptions options)
    : Layer(borders<ZeroPaddingKind>("ZeroPadding1D", std::move(options)), "ZeroPadding1D") {}
ZeroPadding2D::ZeroPadding2D(ZeroPadding2DOptions options)
    : Layer(borders<ZeroPaddingKind>("ZeroPadding2D", std::move(options)), "ZeroPadding2D") {}
Cropping1D::Cropping1D(Cropping1DOptions options)
    : Layer(borders<CroppingKind>("Cropping1D", std::move(options)), "Cropping1D") {}
Cropping2D::Cropping2D(Cropping2DOptions options)
    : Layer(borders<CroppingKind>("Cropping2D", std::move(options)), "Cropping2D") {}

ZeroPadding1D ZeroPadding1D::from_config(const Config& config) {
  return layer_from<ZeroPadding1D, ZeroPadding1DOptions>(config, "ZeroPadding1D");
}
ZeroPadding2D ZeroPadding2D::from_config(const Config& config) {
  return layer_from<ZeroPadding2D, ZeroPadding2DOptions>(config, "ZeroPadding2D");
}
Cropping1D Cropping1D::from_config(const Config& config) {
  return layer_from<Cropping1D, Cropping1DOptions>(config, "Cropping1D");
}
Cropping2D Cropping2D::from_config(const Config& config) {
  return layer_from<Cropping2D, Cropping2DOptions>(config, "Cropping2D");
}

}  // namespace gradus
