#include <gradus/graph/error.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/layers/categories.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/quantiles.h>
#include <gradus/models/layers/spatial.h>

#include <algorithm>

namespace gradus {

inline ConfigValue to_config_value(const BinBoundaries& list) {
  return list.empty() ? ConfigValue() : ConfigValue(ConfigValue::List(list.begin(), list.end()));
}
inline void read_config_value(const ConfigValue& value, BinBoundaries& list) {
  list.clear();
  if (value.is_null()) return;
  for (const ConfigValue& each : value.list()) list.push_back(each.number());
}

template <>
inline constexpr auto kFields<DiscretizationOptions> = std::tuple(
    field("bin_boundaries", &DiscretizationOptions::bin_boundaries),
    field("num_bins", &DiscretizationOptions::num_bins), field("epsilon", &DiscretizationOptions::epsilon),
    field("output_mode", &DiscretizationOptions::output_mode));

namespace {

class DiscretizationKind : public Layer::Kind {
 public:
  explicit DiscretizationKind(DiscretizationOptions options)
      : Kind(common_options(options)), options_(std::move(options)) {
    const std::vector<double>& boundaries = options_.bin_boundaries;
    if (boundaries.empty() == !options_.num_bins) {
      throw ValueError("Discretization: give bin_boundaries or num_bins, one of the two");
    }
    if (options_.num_bins) positive("Discretization", "num_bins", *options_.num_bins);
    for (std::size_t i = 0; i < boundaries.size(); ++i) {
      if (i == 0 ? boundaries[i] == boundaries[i] : boundaries[i] > boundaries[i - 1]) continue;
      throw bad_number("Discretization", "bin_boundaries", "in ascending order", boundaries[i]);
    }
    if (!(options_.epsilon > 0 && options_.epsilon < 1)) {
      throw bad_number("Discretization", "epsilon", "in (0, 1)", options_.epsilon);
    }
    ready_ = !options_.num_bins;
  }

  Variable call(const Operand& x, CallOptions) override {
    const std::vector<double>& found = boundaries();
    const std::vector<double> values = x.variable().value().to_vector<double>();
    std::vector<std::int32_t> bins;
    for (const double value : values) {
      // NaN falls into the last bin, as in np.digitize.
      const auto after = value == value ? std::upper_bound(found.begin(), found.end(), value) : found.end();
      bins.push_back(static_cast<std::int32_t>(after - found.begin()));
    }
    const Tensor indices(bins, x.shape());
    if (options_.output_mode == CategoryMode::integer) return Variable(indices);
    return encoded(*this, Operand(indices, x.where()), depth(), options_.output_mode, nullptr);
  }

  Shape output_shape(const Shape& input) override {
    if (options_.output_mode == CategoryMode::integer) return input;
    return encoded_shape(*this, input, depth(), options_.output_mode);
  }

  Config get_config() const override { return options_config(options_); }

  void adapt(const Tensor& data) {
    if (!options_.num_bins) throw StateError("adapt: '" + name() + "' was given its bin_boundaries");
    options_.bin_boundaries = quantiles(data, *options_.num_bins, options_.epsilon);
    ready_ = true;
  }
  // Keras's config has both once the layer is adapted.
  void set_boundaries(BinBoundaries boundaries) {
    options_.bin_boundaries = std::move(boundaries);
    ready_ = true;
  }
  const BinBoundaries& boundaries() const {
    if (!ready_) throw StateError("bin_boundaries: '" + name() + "' has none yet: call adapt");
    return options_.bin_boundaries;
  }

 private:
  std::int64_t depth() const {
    return ready_ ? static_cast<std::int64_t>(options_.bin_boundaries.size()) + 1 : *options_.num_bins;
  }

  DiscretizationOptions options_;
  bool ready_ = false;
};

}  // namespace

Discretization::Discretization(DiscretizationOptions options)
    : Layer(std::make_shared<DiscretizationKind>(std::move(options)), "Discretization") {}

Discretization Discretization::from_config(const Config& config) {
  auto options = LayerConfig(config, "Discretization").options<DiscretizationOptions>();
  BinBoundaries found;
  if (options.num_bins) std::swap(found, options.bin_boundaries);
  Discretization layer(std::move(options));
  if (!found.empty()) layer.as<DiscretizationKind>().set_boundaries(std::move(found));
  return layer;
}

void Discretization::adapt(const Tensor& data) const { as<DiscretizationKind>().adapt(data); }

const BinBoundaries& Discretization::bin_boundaries() const { return as<DiscretizationKind>().boundaries(); }

}  // namespace gradus
