#pragma once

#include <gradus/models/layers/attention_pairs.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/multi_head_attention.h>

#include <functional>

namespace gradus {

// Attention of heads with projections: MultiHeadAttention, and GroupQueryAttention, where several heads of
// queries share one of keys and values.
class HeadsAttention : public Layer::Kind {
 public:
  struct Heads {
    std::int64_t queries = 1;
    std::int64_t keys = 1;
    std::int64_t key_dim = 1;
  };
  HeadsAttention(Heads heads, MultiHeadAttentionOptions options, std::function<Config()> describe);

  void build_all(const std::vector<Shape>& inputs) override;
  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions& options) override;
  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override;
  std::vector<Tensor> output_masks(const std::vector<Operand>& inputs,
                                   const std::vector<Tensor>& masks) override;
  Config get_config() const override { return describe_(); }

 private:
  struct Projection {
    Parameter kernel;
    Parameter bias;
  };
  Projection add_projection(const std::string& name, const Dims& from, const Dims& to);
  // [batch, time, from..] -> [batch, time, to..]: the last axes, as many as the kernel has before `to`.
  Variable project(const Operand& x, const Projection& projection, std::size_t from) const;
  Variable by_head(const Operand& x, const Projection& projection) const;
  // The heads' outputs [batch, heads, t, value_dim] and their weights [batch, heads, t, s].
  std::pair<Variable, Variable> attend(const Operand& query, const Operand& key, const Operand& value,
                                       const Tensor& pairs, const CallOptions& options);

  Heads heads_;
  MultiHeadAttentionOptions options_;
  std::function<Config()> describe_;
  std::int64_t value_dim_;
  Projection query_;
  Projection key_;
  Projection gate_;
  Projection value_;
  Projection output_;
};

// ValueError unless positive.
void require_positive(std::string_view owner, std::string_view what, std::int64_t size);

}  // namespace gradus
