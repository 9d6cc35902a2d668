#include "torch_calls.h"

#include <limits>

namespace gradus::bench {

namespace {

// No axes for all of them.
std::vector<std::int64_t> axes_of(const Case& item) {
  if (item.axis == kAllAxes) return {};
  return {item.axis};
}

bool is_all(const Case& item) { return item.axis == kAllAxes; }

Tensor norm(const Tensor& x, double order, const Case& item) {
  if (is_all(item)) return at::linalg_vector_norm(x, order);
  return at::linalg_vector_norm(x, order, item.axis);
}

std::vector<std::int64_t> every_axis(const Tensor& x, const Case& item) {
  if (!is_all(item)) return {item.axis};
  std::vector<std::int64_t> axes;
  for (std::int64_t axis = 0; axis < x.dim(); ++axis) axes.push_back(axis);
  return axes;
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

Calls reduction_calls() {
  return {
      {"sum", [](const Tensors& x,
                 const Case& item) { return is_all(item) ? at::sum(x[0]) : at::sum(x[0], axes_of(item)); }},
      {"mean",
       [](const Tensors& x, const Case& item) {
         return is_all(item) ? at::mean(x[0]) : at::mean(x[0], axes_of(item));
       }},
      {"max", [](const Tensors& x, const Case& item) { return at::amax(x[0], axes_of(item)); }},
      {"min", [](const Tensors& x, const Case& item) { return at::amin(x[0], axes_of(item)); }},
      {"prod", [](const Tensors& x,
                  const Case& item) { return is_all(item) ? at::prod(x[0]) : at::prod(x[0], item.axis); }},
      {"all", [](const Tensors& x,
                 const Case& item) { return is_all(item) ? at::all(x[0]) : at::all(x[0], item.axis); }},
      {"any", [](const Tensors& x,
                 const Case& item) { return is_all(item) ? at::any(x[0]) : at::any(x[0], item.axis); }},
      {"logsumexp",
       [](const Tensors& x, const Case& item) { return at::logsumexp(x[0], every_axis(x[0], item)); }},
      {"var",
       [](const Tensors& x, const Case& item) {
         return is_all(item) ? at::var(x[0], false) : at::var(x[0], axes_of(item), false);
       }},
      {"std",
       [](const Tensors& x, const Case& item) {
         return is_all(item) ? at::std(x[0], false) : at::std(x[0], axes_of(item), false);
       }},
      {"norm", [](const Tensors& x, const Case& item) { return norm(x[0], 2, item); }},
      {"norm[ord=1]", [](const Tensors& x, const Case& item) { return norm(x[0], 1, item); }},
      {"norm[ord=inf]", [](const Tensors& x, const Case& item) { return norm(x[0], kInfinity, item); }},
      {"argmax",
       [](const Tensors& x, const Case& item) {
         return is_all(item) ? at::argmax(x[0]) : at::argmax(x[0], item.axis);
       }},
      {"argmin",
       [](const Tensors& x, const Case& item) {
         return is_all(item) ? at::argmin(x[0]) : at::argmin(x[0], item.axis);
       }},
      {"cumsum", [](const Tensors& x, const Case& item) { return at::cumsum(x[0], item.axis); }},
      {"cumprod", [](const Tensors& x, const Case& item) { return at::cumprod(x[0], item.axis); }},
      {"logcumsumexp", [](const Tensors& x, const Case& item) { return at::logcumsumexp(x[0], item.axis); }},
      {"sort",
       [](const Tensors& x, const Case& item) {
         return std::get<0>(at::sort(x[0], c10::optional<bool>(true), item.axis));
       }},
      {"top_k", [](const Tensors& x) { return std::get<0>(at::topk(x[0], 3)); }},
  };
}

Calls shape_calls() {
  return {
      {"reshape",
       [](const Tensors& x) {
         return at::reshape(x[0], {-1, 4});
       }},
      {"flatten", [](const Tensors& x) { return at::flatten(x[0]); }},
      {"expand_dims", [](const Tensors& x) { return at::unsqueeze(x[0], 0); }},
      {"squeeze", [](const Tensors& x) { return at::squeeze(x[0]); }},
      {"transpose", {[](const Tensors& x) { return x[0].t().contiguous(); }, kCopied}},
      {"swapaxes", {[](const Tensors& x) { return x[0].swapaxes(1, 2).contiguous(); }, kCopied}},
      {"moveaxis", {[](const Tensors& x) { return x[0].moveaxis(0, 2).contiguous(); }, kCopied}},
      {"broadcast_to",
       {[](const Tensors& x, const Case& item) {
          const std::int64_t side = item.inputs[0].shape[0];
          return x[0].broadcast_to({side, side}).contiguous();
        },
        kCopied}},
      {"concatenate",
       [](const Tensors& x, const Case& item) {
         return at::cat({x[0], x[1]}, item.axis);
       }},
      {"stack",
       [](const Tensors& x) {
         return at::stack({x[0], x[1]});
       }},
      {"unstack",
       {[](const Tensors& x) {
          Tensors parts = at::unbind(x[0]);
          for (Tensor& part : parts) part = part.clone();
          return parts;
        },
        kCopied}},
      {"split",
       {[](const Tensors& x, const Case& item) {
          Tensors parts = at::chunk(x[0], 4, item.axis);
          for (Tensor& part : parts) part = part.clone(at::MemoryFormat::Contiguous);
          return parts;
        },
        kCopied}},
      {"slice",
       {[](const Tensors& x) {
          return x[0].slice(0, 1, x[0].size(0) - 1).clone(at::MemoryFormat::Contiguous);
        },
        kCopied}},
      {"slice[axis=-1]",
       {[](const Tensors& x) {
          return x[0].slice(1, 1, x[0].size(0) - 1).clone(at::MemoryFormat::Contiguous);
        },
        kCopied}},
      {"take", [](const Tensors& x, const Case& item) { return at::index_select(x[0], item.axis, x[1]); }},
      {"take_along_axis",
       [](const Tensors& x, const Case& item) { return at::take_along_dim(x[0], x[1], item.axis); }},
      {"scatter_add", [](const Tensors& x) { return at::index_add(x[0], 0, x[1], x[2]); }},
      {"pad",
       [](const Tensors& x) {
         return at::constant_pad_nd(x[0], {1, 1, 1, 1});
       }},
      {"tile",
       [](const Tensors& x) {
         return at::tile(x[0], {2, 2});
       }},
      {"repeat", [](const Tensors& x) { return at::repeat_interleave(x[0], 2, 0); }},
      {"flip",
       [](const Tensors& x) {
         return at::flip(x[0], {0, 1});
       }},
      {"roll", [](const Tensors& x) { return at::roll(x[0], 1, 1); }},
  };
}

}  // namespace gradus::bench
