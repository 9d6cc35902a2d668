#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/same_shape.h>
#include <gradus/models/layers/spatial.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>

namespace gradus {

template <>
inline constexpr auto kFields<DropoutOptions> = std::tuple(field("noise_shape", &DropoutOptions::noise_shape),
                                                           field("seed", &DropoutOptions::seed));
template <>
inline constexpr auto kFields<SpatialDropoutOptions> = std::tuple(field("seed",
                                                                        &SpatialDropoutOptions::seed));
template <>
inline constexpr auto kFields<SpatialDropoutImageOptions> =
    std::tuple(field("data_format", &SpatialDropoutImageOptions::data_format),
               field("seed", &SpatialDropoutImageOptions::seed));

namespace {

template <class Options>
class DropoutKind : public SameShape {
 public:
  DropoutKind(std::string_view owner, double rate, Options options)
      : SameShape(common_options(options)), rate_(rate), options_(std::move(options)) {
    if (!(rate >= 0 && rate <= 1)) {
      throw ValueError(std::string(owner) + ": rate must be in [0, 1], got " + scalar_text(rate));
    }
  }

  Variable call(const Operand& x, CallOptions options) override {
    if (!options.training || rate_ == 0) return x.variable();
    if (rate_ == 1) return multiply(x, Operand(Tensor::zeros({}, x.dtype()), x.where()));
    return dropout(x, random(), {.rate = rate_, .noise_shape = noise_shape(x)});
  }

  Config get_config() const override { return with_options(Config().set("rate", rate_), options_); }

 protected:
  const Options& options() const { return options_; }
  virtual Axes noise_shape(const Operand& /*x*/) const {
    if constexpr (requires { options_.noise_shape; }) return options_.noise_shape;
    return {};
  }

 private:
  double rate_;
  Options options_;
};

// One draw for all positions of a sample.
template <class Options>
class SpatialDropoutKind : public DropoutKind<Options> {
 public:
  SpatialDropoutKind(std::string_view owner, int axes, double rate, Options options)
      : DropoutKind<Options>(owner, rate, std::move(options)), axes_(axes) {}

  void build(const Shape& input) override { require_image(*this, axes_, format(), input); }
  Shape output_shape(const Shape& input) override {
    build(input);
    return input;
  }

 protected:
  Axes noise_shape(const Operand& x) const override {
    require_image(*this, axes_, format(), sample_shape(x.shape()));
    Axes shape(static_cast<std::size_t>(axes_ + 2), 1);
    shape[0] = -1;
    shape[format() == DataFormat::channels_last ? static_cast<std::size_t>(axes_ + 1) : 1] = -1;
    return shape;
  }

 private:
  DataFormat format() const {
    if constexpr (requires { this->options().data_format; }) return this->options().data_format;
    return {};
  }

  int axes_;
};

template <class Options>
std::shared_ptr<Layer::Kind> spatial(std::string_view owner, int axes, double rate, Options options) {
  return std::make_shared<SpatialDropoutKind<Options>>(owner, axes, rate, std::move(options));
}

}  // namespace

Dropout::Dropout(double rate, DropoutOptions options)
    : Layer(std::make_shared<DropoutKind<DropoutOptions>>("Dropout", rate, std::move(options)), "Dropout") {}
SpatialDropout1D::SpatialDropout1D(double rate, SpatialDropoutOptions options)
    : Layer(spatial("SpatialDropout1D", 1, rate, std::move(options)), "SpatialDropout1D") {}
SpatialDropout2D::SpatialDropout2D(double rate, SpatialDropoutImageOptions options)
    : Layer(spatial("SpatialDropout2D", 2, rate, std::move(options)), "SpatialDropout2D") {}
SpatialDropout3D::SpatialDropout3D(double rate, SpatialDropoutImageOptions options)
    : Layer(spatial("SpatialDropout3D", 3, rate, std::move(options)), "SpatialDropout3D") {}

Dropout Dropout::from_config(const Config& config) {
  return layer_from<Dropout, DropoutOptions, double>(config, "Dropout", "rate");
}
SpatialDropout1D SpatialDropout1D::from_config(const Config& config) {
  return layer_from<SpatialDropout1D, SpatialDropoutOptions, double>(config, "SpatialDropout1D", "rate");
}
SpatialDropout2D SpatialDropout2D::from_config(const Config& config) {
  return layer_from<SpatialDropout2D, SpatialDropoutImageOptions, double>(config, "SpatialDropout2D", "rate");
}
SpatialDropout3D SpatialDropout3D::from_config(const Config& config) {
  return layer_from<SpatialDropout3D, SpatialDropoutImageOptions, double>(config, "SpatialDropout3D", "rate");
}

}  // namespace gradus
