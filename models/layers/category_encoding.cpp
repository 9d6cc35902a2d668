#include <gradus/graph/error.h>
#include <gradus/models/layers/categories.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/spatial.h>
#include <gradus/ops/elementwise.h>

namespace gradus {

template <>
inline constexpr auto kFields<CategoryEncodingOptions> =
    std::tuple(field("output_mode", &CategoryEncodingOptions::output_mode));

namespace {

class CategoryEncodingKind : public Layer::Kind {
 public:
  CategoryEncodingKind(std::int64_t num_tokens, CategoryEncodingOptions options)
      : Kind(common_options(options)),
        num_tokens_(positive("CategoryEncoding", "num_tokens", num_tokens)),
        options_(std::move(options)) {
    if (options_.output_mode == CategoryMode::integer) {
      throw ValueError("CategoryEncoding: output_mode must be \"one_hot\", \"multi_hot\" or \"count\"");
    }
  }

  void build_all(const std::vector<Shape>& inputs) override { output_shapes(inputs); }

  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions&) override {
    require_inputs(inputs.size());
    const Operand& x = inputs.front();
    const Operand indices = is_floating(x.dtype()) ? Operand(cast(x, DType::int64), x.where()) : x;
    return {encoded(*this, indices, num_tokens_, options_.output_mode,
                    inputs.size() == 2 ? &inputs.back() : nullptr)};
  }

  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override {
    require_inputs(inputs.size());
    return {encoded_shape(*this, inputs.front(), num_tokens_, options_.output_mode)};
  }

  Config get_config() const override {
    return with_options(Config().set("num_tokens", num_tokens_), options_);
  }

 private:
  void require_inputs(std::size_t count) const {
    const std::size_t most = options_.output_mode == CategoryMode::count ? 2 : 1;
    if (count >= 1 && count <= most) return;
    throw ValueError(name() + ": CategoryEncoding takes categories" +
                     (most == 2 ? " and their counts" : "; counts go with output_mode \"count\"") + ", got " +
                     std::to_string(count) + " inputs");
  }

  std::int64_t num_tokens_;
  CategoryEncodingOptions options_;
};

}  // namespace

CategoryEncoding::CategoryEncoding(std::int64_t num_tokens, CategoryEncodingOptions options)
    : Layer(std::make_shared<CategoryEncodingKind>(num_tokens, std::move(options)), "CategoryEncoding") {}

CategoryEncoding CategoryEncoding::from_config(const Config& config) {
  return layer_from<CategoryEncoding, CategoryEncodingOptions, std::int64_t>(config, "CategoryEncoding",
                                                                             "num_tokens");
}

}  // namespace gradus
