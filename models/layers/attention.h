#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct AttentionOptions {
  bool use_scale = false;          // a learnt factor of the scores, "dot", or of their sums, "concat"
  std::string score_mode = "dot";  // or "concat"
  double dropout = 0;              // of the weights, in training
  std::optional<std::uint64_t> seed = {};
  bool return_attention_scores = false;  // as a second output, [batch, queries, keys]
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Dot-product attention without projections (Luong et al. 2015): softmax(query key^T) value, of the inputs
// {query, value} or {query, value, key}: [batch, t, d], [batch, s, n], [batch, s, d] -> [batch, t, n]; the
// key is the value unless given. "concat" scores by w sum(tanh(query + key)).
// A value that is masked counts nowhere, save where all are; a query that is masked gives zeros, and its mask
// is handed on. `use_causal_mask` and `attention_mask` of a call hold too.
// ValueError for another score_mode or a dropout outside [0, 1), ShapeError for inputs that do not fit.
class Attention : public Layer {
 public:
  explicit Attention(AttentionOptions options = {});
  static Attention from_config(const Config& config);
};

struct AdditiveAttentionOptions {
  bool use_scale = true;
  double dropout = 0;
  std::optional<std::uint64_t> seed = {};
  bool return_attention_scores = false;
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// The same with the scores sum(scale tanh(query + key)), scale [d] (Bahdanau et al. 2015).
class AdditiveAttention : public Layer {
 public:
  explicit AdditiveAttention(AdditiveAttentionOptions options = {});
  static AdditiveAttention from_config(const Config& config);
};

}  // namespace gradus
