#include <gradus/graph/call.h>
#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/op.h>

namespace gradus {

DType Op::operand_dtype(const Call& call, std::size_t /*i*/) const { return call.common_dtype(); }

std::optional<DType> Op::operands_dtype(const Call& /*call*/) const { return std::nullopt; }

DType Op::infer_dtype(const Call& call) const { return call.dtype(0); }

Tensor Op::compute_alike(const Call& /*call*/) const { return {}; }

void Op::vjp(Backward& /*backward*/) const { throw StateError(std::string(name()) + ": has no gradient"); }

void* Op::operator new(std::size_t size) { return memory::allocate(size).data; }

void Op::operator delete(void* data, std::size_t size) noexcept {
  memory::deallocate(data, memory::capacity(size));
}

}  // namespace gradus
