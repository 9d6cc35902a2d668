#pragma once

#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/nn/windows.h>

#include <string_view>

namespace gradus::kernels {

// The windows of a pooling op over the call's operand 0, all checked.
Windows pooling_windows(const Call& call, std::size_t axes, const PoolingOptions& options);

// Pooling over the windows, as ops called `name`, a literal.
Variable max_pool(std::string_view name, const Windows& windows, const Variable& x);
Variable average_pool(std::string_view name, const Windows& windows, const Variable& x);

}  // namespace gradus::kernels
