#include <gradus/graph/expansion.h>
#include <gradus/graph/number_text.h>
#include <gradus/ops/kernels/nn/attention.h>
#include <gradus/ops/kernels/nn/operand_list.h>
#include <gradus/ops/kernels/nn/window_records.h>
#include <gradus/ops/kernels/shape/result_shape.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus {

namespace {

// The shape of the scores, [.., t, s].
Shape check(const Expansion& op, std::initializer_list<std::size_t> added) {
  const Shape &query = op.shape(0), &key = op.shape(1), &value = op.shape(2);
  if (query.rank() < 2 || key.rank() < 2 || value.rank() < 2) {
    throw op.shape_error("query, key and value need rank 2 or more");
  }
  if (query.back() != key.back()) throw op.shape_error("query and key must have the same last extent");
  if (key.dim(-2) != value.dim(-2)) throw op.shape_error("key and value must be equally long");
  const auto batch = [](const Shape& shape) {
    return Shape(std::span(shape.begin(), static_cast<std::size_t>(shape.rank() - 2)));
  };
  BroadcastShape both = broadcast_shapes(batch(query), batch(key));
  if (!both.ok || !broadcast_shapes(both.shape, batch(value)).ok) {
    throw op.shape_error("the leading axes do not broadcast");
  }
  Dims dims(both.shape.dims().size() + 2, key.dim(-2));
  std::copy(both.shape.begin(), both.shape.end(), dims.begin());
  dims[dims.size() - 2] = query.dim(-2);
  const Shape scores = kernels::result_shape(op.call(), std::move(dims));
  for (const std::size_t i : added) {
    if (i == 0) continue;
    const BroadcastShape result = broadcast_shapes(op.shape(i), scores);
    if (!result.ok || result.shape != scores) {
      throw op.shape_error(gradus::operand_name(op.call().op(), op.size(), i) +
                           " does not broadcast to the scores " + to_string(scores));
    }
  }
  return scores;
}

}  // namespace

Variable scaled_dot_product_attention(const Operand& query, const Operand& key, const Operand& value,
                                      DotProductAttentionOptions options) {
  kernels::OperandList list = {{query, key, value}, {"query", "key", "value"}};
  const std::size_t mask = list.append(options.mask, "mask"), bias = list.append(options.bias, "bias");
  const Expansion op(
      {.name = "scaled_dot_product_attention", .takes = Takes::anything, .operand_names = list.names},
      list.operands);
  const Call& call = op.call();
  if (mask != 0 && call.dtype(mask) != DType::boolean) {
    throw op.dtype_error("the mask must be boolean, and numbers to add are a bias");
  }
  const DType dtype = call.common_floating_dtype(0, 2);
  const auto operand = [&](std::size_t i) {
    const DType own = call.dtype(i);
    if (is_floating(own) ? own != dtype : !is_integer(own)) {
      throw op.dtype_error("all but the mask must be of one floating dtype");
    }
    return own == dtype ? op[i] : Variable(op[i].value().cast(dtype));
  };
  const Shape shape = check(op, {mask, bias});
  const double d = static_cast<double>(op.shape(0).back());
  const double scale = options.scale.value_or(d == 0 ? 1 : 1 / std::sqrt(d));
  if (!std::isfinite(scale)) throw op.value_error("scale must be finite, got " + scalar_text(scale));

  kernels::Attention kind = {.scale = scale, .is_causal = options.is_causal, .mask = mask, .bias = bias};
  std::vector<Variable> operands = {operand(0), operand(1), operand(2)};
  if (mask != 0) operands.push_back(op[mask]);
  if (bias != 0) operands.push_back(operand(bias));
  if (kernels::fits_attention(operands, shape)) return op.named(kernels::attention(kind, operands));
  return op.named(kernels::composed_attention(kind, operands));
}

namespace records {

OpInfo scaled_dot_product_attention() {
  struct With {
    bool mask = false, bias = false, is_causal = false;
    double scale = 0;
  };
  const auto by = [](std::vector<Shape> shapes, With with = {}) -> record::Case {
    record::Arguments arguments;
    std::vector<record::Draw> draws(3, record::uniform());
    if (with.mask) {
      arguments.put("mask", "true");
      draws.push_back(record::booleans());
    }
    if (with.bias) arguments.put("bias", "true");
    if (with.is_causal) arguments.put("is_causal", "true");
    if (with.scale != 0) arguments.put("scale", std::to_string(with.scale));
    return {arguments.text(), std::move(shapes),
            [=](std::span<const Variable> v) {
              DotProductAttentionOptions options = {.is_causal = with.is_causal};
              if (with.mask) options.mask = v[3];
              if (with.bias) options.bias = v.back();
              if (with.scale != 0) options.scale = with.scale;
              return gradus::scaled_dot_product_attention(v[0], v[1], v[2], options);
            },
            std::move(draws)};
  };
  record::Case nothing = by({{3, 2}, {2, 2}, {2, 2}, {3, 2}}, {.mask = true});
  nothing.draws[3] = record::constant(Tensor({{1, 0}, {0, 0}, {0, 1}}, DType::boolean));
  record::Case huge = by({{2, 1}, {3, 1}, {3, 2}}, {.scale = 1});
  huge.draws = {record::constant({{1e4F}, {-1e4F}}), record::constant({{1}, {-1}, {0}})};
  huge.extreme = true;
  record::Case infinite = by({{2, 2}, {3, 2}, {3, 2}, {2, 3}}, {.bias = true});
  constexpr float kInf = std::numeric_limits<float>::infinity();
  infinite.draws = {record::uniform(), record::uniform(), record::uniform(),
                    record::constant({{0, -kInf, 0.5F}, {-kInf, -kInf, -kInf}})};
  infinite.extreme = true;
  record::Case numbers = by({{2, 2}, {2, 2}, {2, 2}, {2, 2}}, {.mask = true});
  numbers.draws = {};
  record::Case wide = by({{2, 2}, {2, 2}, {2, 2}, {2, 2}}, {.bias = true});
  wide.draws = {record::ones(), record::ones(), record::ones(), record::ones(DType::float64)};
  record::Case mixed = by({{2, 2}, {2, 2}, {2, 2}});
  mixed.draws = {record::ones(), record::ones(DType::float64)};
  return record::cases(
      {.signature = "(query, key, value, {.mask, .bias, .is_causal, .scale})",
       .formula = "y = softmax(query key^T scale + bias) value, over the keys that the mask allows",
       .gradient = "with p the weights and h = g value^T: dvalue = p^T g, dscores = p (h - sum(p h)); from "
                   "there as two products",
       .shapes = "[.., t, d], [.., s, d], [.., s, n] -> [.., t, n]",
       .flops =
           [](const OpSample& sample, const Tensor& y) {
             const Shape &query = sample.inputs[0].shape(), &key = sample.inputs[1].shape();
             const double keys = static_cast<double>(key.dim(-2));
             return keys * (2 * static_cast<double>(query.elements() + y.size()) + 14);
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({{2, n, 3}, {2, n, 3}, {2, n, 2}}),
                by({{2, 3, n, 2}, {2, 3, 5, 2}, {2, 3, 5, 3}}),
                by({{n, 2}, {n, 2}, {n, 2}}, {.is_causal = true}),
                by({{2, n, 2}, {2, 3, 2}, {2, 3, 1}}, {.is_causal = true, .scale = 2}),
                by({{2, 3, 2}, {2, n, 2}, {2, n, 2}, {3, n}}, {.mask = true}),
                by({{2, 3, 2}, {2, n, 2}, {2, n, 2}, {2, 1, n}}, {.bias = true}),
                by({{2, 3, 2}, {2, n, 2}, {2, n, 2}, {3, 1}, {2, 3, n}}, {.mask = true, .bias = true}),
                by({{2, 2, 3, 2}, {1, n, 2}, {2, 1, n, 2}}),
                by({{1, 1}, {1, 1}, {1, 1}}),
                by({{0, n, 2}, {0, n, 2}, {0, n, 3}}, {.is_causal = true}),
                by({{2, 3, 2}, {2, 0, 2}, {2, 0, 3}}),
                by({{2, n, 0}, {2, 3, 0}, {2, 3, 2}}),
                nothing,
                huge,
                infinite};
      },
      {{"query and key must have the same last extent: query is [2, 3], key is [4, 2], value is [4, 2]",
        by({{2, 3}, {4, 2}, {4, 2}})},
       {"key and value must be equally long: query is [2, 3], key is [4, 3], value is [5, 3]",
        by({{2, 3}, {4, 3}, {5, 3}})},
       {"query, key and value need rank 2 or more: query is [3], key is [4, 3], value is [4, 3]",
        by({{3}, {4, 3}, {4, 3}})},
       {"the leading axes do not broadcast: query is [2, 2, 3], key is [3, 4, 3], value is [4, 3]",
        by({{2, 2, 3}, {3, 4, 3}, {4, 3}})},
       {"mask does not broadcast to the scores [2, 4]: query is [2, 3], key is [4, 3], value is [4, 3], mask "
        "is "
        "[3, 4]",
        by({{2, 3}, {4, 3}, {4, 3}, {3, 4}}, {.mask = true})},
       {"bias does not broadcast to the scores [2, 4]: query is [2, 3], key is [4, 3], value is [4, 3], bias "
        "is "
        "[5, 2, 4]",
        by({{2, 3}, {4, 3}, {4, 3}, {5, 2, 4}}, {.bias = true})},
       {"the mask must be boolean, and numbers to add are a bias: query is float32, key is float32, value is "
        "float32, mask is float32",
        numbers},
       {"the operands' dtypes differ: query is float32, key is float64, value is float32", mixed},
       {"all but the mask must be of one floating dtype: query is float32, key is float32, value is float32, "
        "bias is float64",
        wide},
       {"scale must be finite, got nan", by({{2, 3}, {4, 3}, {4, 3}}, {.scale = NAN})}});
}

}  // namespace records

}  // namespace gradus
