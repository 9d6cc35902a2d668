#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct MultiHeadAttentionOptions {
  std::optional<std::int64_t> value_dim = {};  // of each head; key_dim unless given
  double dropout = 0;                          // of the weights, in training
  bool use_bias = true;
  Axes output_shape = {};                           // of each query's output; the query's own unless given
  Axes attention_axes = {};                         // all between the batch's and the features': no others
  std::optional<std::int64_t> sliding_window = {};  // pairs closer than this count
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};  // of each of the projections
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  bool use_gate = false;  // the heads' outputs are multiplied by sigmoid of a projection of the query
  std::optional<std::uint64_t> seed = {};
  bool return_attention_scores = false;  // as a second output, [batch, heads, queries, keys]
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};

// Attention of several heads (Vaswani et al. 2017), of the inputs {query, value} or {query, value, key}; the
// key is the value unless given: [batch, t, n], [batch, s, m], [batch, s, k] -> [batch, t, n]. Each head has
// projections query [n, heads, key_dim], key [k, heads, key_dim] and value [m, heads, value_dim], and
// softmax(q k^T / sqrt(key_dim)) v of all heads goes through attention_output [heads, value_dim, n].
// More axes before the features are taken as one of all their places, where nothing is masked.
// Pairs count where the masks of query, value and key, and the `attention_mask` and `use_causal_mask` of the
// call all say so; the heads give zeros for a query without any. The query's mask is handed on.
// ValueError for sizes below 1, a dropout outside [0, 1) or other attention_axes; ShapeError for inputs that
// do not fit.
class MultiHeadAttention : public Layer {
 public:
  MultiHeadAttention(std::int64_t num_heads, std::int64_t key_dim, MultiHeadAttentionOptions options = {});
  static MultiHeadAttention from_config(const Config& config);
};

struct GroupQueryAttentionOptions {
  double dropout = 0;
  bool use_bias = true;
  std::optional<std::int64_t> sliding_window = {};
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  bool use_gate = false;
  std::optional<std::uint64_t> seed = {};
  bool return_attention_scores = false;
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};

// The same where num_query_heads / num_key_value_heads heads of queries in a row share a head of keys and
// values (Ainslie et al. 2023). ValueError unless they come out even. Keras's class is
// GroupedQueryAttention, and so is the name it has in configs.
class GroupQueryAttention : public Layer {
 public:
  GroupQueryAttention(std::int64_t head_dim, std::int64_t num_query_heads, std::int64_t num_key_value_heads,
                      GroupQueryAttentionOptions options = {});
  static GroupQueryAttention from_config(const Config& config);
};

}  // namespace gradus
