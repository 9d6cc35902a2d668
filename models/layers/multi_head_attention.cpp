#include <gradus/graph/error.h>
#include <gradus/models/layers/heads_attention.h>

namespace gradus {

namespace {

// What both layers can be told.
template <class O>
constexpr auto heads_fields() {
  return std::tuple(
      field("dropout", &O::dropout), field("use_bias", &O::use_bias),
      field("sliding_window", &O::sliding_window), field("kernel_initializer", &O::kernel_initializer),
      field("bias_initializer", &O::bias_initializer), field("kernel_regularizer", &O::kernel_regularizer),
      field("bias_regularizer", &O::bias_regularizer),
      field("activity_regularizer", &O::activity_regularizer),
      field("kernel_constraint", &O::kernel_constraint), field("bias_constraint", &O::bias_constraint),
      field("use_gate", &O::use_gate), field("seed", &O::seed),
      field("return_attention_scores", &O::return_attention_scores));
}

}  // namespace

template <>
inline constexpr auto kFields<MultiHeadAttentionOptions> =
    std::tuple_cat(std::tuple(field("value_dim", &MultiHeadAttentionOptions::value_dim),
                              field("output_shape", &MultiHeadAttentionOptions::output_shape),
                              field("attention_axes", &MultiHeadAttentionOptions::attention_axes)),
                   heads_fields<MultiHeadAttentionOptions>());
template <>
inline constexpr auto kFields<GroupQueryAttentionOptions> = heads_fields<GroupQueryAttentionOptions>();

namespace {

std::shared_ptr<Layer::Kind> multi_head(std::int64_t num_heads, std::int64_t key_dim,
                                        const MultiHeadAttentionOptions& options) {
  require_positive("MultiHeadAttention", "num_heads", num_heads);
  require_positive("MultiHeadAttention", "key_dim", key_dim);
  return std::make_shared<HeadsAttention>(
      HeadsAttention::Heads{.queries = num_heads, .keys = num_heads, .key_dim = key_dim}, options,
      [=] { return with_options(Config().set("num_heads", num_heads).set("key_dim", key_dim), options); });
}

std::shared_ptr<Layer::Kind> grouped(std::int64_t head_dim, std::int64_t num_query_heads,
                                     std::int64_t num_key_value_heads,
                                     const GroupQueryAttentionOptions& options) {
  constexpr std::string_view kOwner = "GroupQueryAttention";
  require_positive(kOwner, "head_dim", head_dim);
  require_positive(kOwner, "num_query_heads", num_query_heads);
  require_positive(kOwner, "num_key_value_heads", num_key_value_heads);
  if (num_query_heads % num_key_value_heads != 0) {
    throw ValueError("GroupQueryAttention: num_query_heads " + std::to_string(num_query_heads) +
                     " must be divisible by num_key_value_heads " + std::to_string(num_key_value_heads));
  }
  const MultiHeadAttentionOptions own = {.dropout = options.dropout,
                                         .use_bias = options.use_bias,
                                         .sliding_window = options.sliding_window,
                                         .kernel_initializer = options.kernel_initializer,
                                         .bias_initializer = options.bias_initializer,
                                         .kernel_regularizer = options.kernel_regularizer,
                                         .bias_regularizer = options.bias_regularizer,
                                         .activity_regularizer = options.activity_regularizer,
                                         .kernel_constraint = options.kernel_constraint,
                                         .bias_constraint = options.bias_constraint,
                                         .use_gate = options.use_gate,
                                         .seed = options.seed,
                                         .return_attention_scores = options.return_attention_scores,
                                         .name = options.name,
                                         .trainable = options.trainable,
                                         .dtype = options.dtype};
  return std::make_shared<HeadsAttention>(
      HeadsAttention::Heads{.queries = num_query_heads, .keys = num_key_value_heads, .key_dim = head_dim},
      own, [=] {
        return with_options(Config()
                                .set("head_dim", head_dim)
                                .set("num_query_heads", num_query_heads)
                                .set("num_key_value_heads", num_key_value_heads),
                            options);
      });
}

}  // namespace

MultiHeadAttention::MultiHeadAttention(std::int64_t num_heads, std::int64_t key_dim,
                                       MultiHeadAttentionOptions options)
    : Layer(multi_head(num_heads, key_dim, options), "MultiHeadAttention") {}

GroupQueryAttention::GroupQueryAttention(std::int64_t head_dim, std::int64_t num_query_heads,
                                         std::int64_t num_key_value_heads, GroupQueryAttentionOptions options)
    : Layer(grouped(head_dim, num_query_heads, num_key_value_heads, options), "GroupedQueryAttention") {}

MultiHeadAttention MultiHeadAttention::from_config(const Config& config) {
  return layer_from<MultiHeadAttention, MultiHeadAttentionOptions, std::int64_t, std::int64_t>(
      config, "MultiHeadAttention", "num_heads", "key_dim");
}

GroupQueryAttention GroupQueryAttention::from_config(const Config& config) {
  return layer_from<GroupQueryAttention, GroupQueryAttentionOptions, std::int64_t, std::int64_t,
                    std::int64_t>(config, "GroupQueryAttention", "head_dim", "num_query_heads",
                                  "num_key_value_heads");
}

}  // namespace gradus
