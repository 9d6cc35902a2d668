#include <gradus/graph/error.h>
#include <gradus/models/layers/activity.h>
#include <gradus/models/layers/embedding.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/layer_weight.h>
#include <gradus/models/layers/spatial.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>

namespace gradus {

template <>
inline constexpr auto kFields<EmbeddingOptions> =
    std::tuple(field("embeddings_initializer", &EmbeddingOptions::embeddings_initializer),
               field("embeddings_regularizer", &EmbeddingOptions::embeddings_regularizer),
               field("activity_regularizer", &EmbeddingOptions::activity_regularizer),
               field("embeddings_constraint", &EmbeddingOptions::embeddings_constraint),
               field("mask_zero", &EmbeddingOptions::mask_zero));

namespace {

class EmbeddingKind : public Layer::Kind {
 public:
  EmbeddingKind(std::int64_t input_dim, std::int64_t output_dim, EmbeddingOptions options)
      : Kind(common_options(options)),
        table_(
            {positive("Embedding", "input_dim", input_dim), positive("Embedding", "output_dim", output_dim)}),
        options_(std::move(options)) {
    if (options_.weights.defined() && options_.weights.shape() != table_) {
      throw ShapeError("Embedding: weights must be " + to_string(table_) + ", got " +
                       to_string(options_.weights.shape()));
    }
  }

  void build(const Shape&) override {
    embeddings_ = add_weight("embeddings", table_,
                             {.initializer = options_.weights.defined() ? Initializer(options_.weights)
                                                                        : options_.embeddings_initializer,
                              .regularizer = options_.embeddings_regularizer,
                              .constraint = options_.embeddings_constraint});
  }

  Variable call(const Operand& x, CallOptions) override {
    Variable y = embedding(Operand(embeddings_, x.where()), x);
    penalize_activity(options_.activity_regularizer, y, x);
    return y;
  }

  Shape output_shape(const Shape& input) override {
    std::vector<std::int64_t> dims(input.begin(), input.end());
    dims.push_back(table_[1]);
    return Shape(dims);
  }

  bool makes_mask() const override { return options_.mask_zero; }
  std::vector<Tensor> output_masks(const std::vector<Operand>& inputs, const std::vector<Tensor>&) override {
    if (!options_.mask_zero) return {};
    return {not_equal(Operand(inputs.front().variable().value(), inputs.front().where()), 0).value()};
  }

  Config get_config() const override {
    return with_options(Config().set("input_dim", table_[0]).set("output_dim", table_[1]), options_);
  }

 private:
  Shape table_;
  EmbeddingOptions options_;
  Parameter embeddings_;
};

}  // namespace

Embedding::Embedding(std::int64_t input_dim, std::int64_t output_dim, EmbeddingOptions options)
    : Layer(std::make_shared<EmbeddingKind>(input_dim, output_dim, std::move(options)), "Embedding") {}

Embedding Embedding::from_config(const Config& config) {
  return layer_from<Embedding, EmbeddingOptions, std::int64_t, std::int64_t>(config, "Embedding", "input_dim",
                                                                             "output_dim");
}

Parameter Embedding::embeddings() const { return layer_weight(*this, "embeddings"); }

}  // namespace gradus
