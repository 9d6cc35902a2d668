#pragma once

// libtorch's call for each op of the cases, a table a family.

#include "cases.h"

#include <torch/torch.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gradus::bench {

using at::Tensor;
using Tensors = std::vector<Tensor>;

// An op's results, whatever their number.
struct Results {
  Results(Tensor y) { all.push_back(std::move(y)); }     // NOLINT: implicit on purpose
  Results(Tensors results) : all(std::move(results)) {}  // NOLINT
  Tensors all;
};

struct Call {
  using Function = std::function<Results(const Tensors& x, const Case& item)>;
  // A function that takes the operands, and the case where it needs it.
  template <class F>
  requires std::is_invocable_v<F, const Tensors&, const Case&> Call(F f, std::string how = "")  // NOLINT
      : function(std::move(f)), note(std::move(how)) {}
  template <class F>
  requires std::is_invocable_v<F, const Tensors&> Call(F f, std::string how = "")  // NOLINT
      : function([f = std::move(f)](const Tensors& x, const Case&) -> Results { return f(x); }),
        note(std::move(how)) {}
  Function function;
  std::string note;
  // Brings operands, made in our layout, into libtorch's, before anything is timed.
  std::function<void(Tensors&)> layout = {};
  Call& with_layout(std::function<void(Tensors&)> change) {
    layout = std::move(change);
    return *this;
  }
};
using Calls = std::map<std::string, Call>;  // by label, or by op for all its variants

// What a note says: no single op of libtorch is the same; its op gives a view, which is copied for a result
// of the same kind as ours.
inline const std::string kComposed = "composed";
inline const std::string kCopied = "view, copied";

Calls elementwise_calls();
Calls activation_calls();
Calls reduction_calls();
Calls shape_calls();
Calls loss_calls();
Calls linalg_calls();
Calls nn_calls();

}  // namespace gradus::bench
