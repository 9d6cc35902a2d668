#include <gradus/graph/call.h>
#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/op.h>

namespace gradus {

DType Op::operand_dtype(const Call& call, std::size_t /*i*/) const { return call.common_dtype(); }

void Op::operand_dtypes(const Call& call, std::span<DType> dtypes) const {
  for (std::size_t i = 0; i < dtypes.size(); ++i) dtypes[i] = operand_dtype(call, i);
}

DType Op::infer_dtype(const Call& call) const { return call.dtype(0); }

void Op::vjp(Backward& /*backward*/) const { throw StateError(std::string(name()) + ": has no gradient"); }

void* Op::operator new(std::size_t size) { return memory::allocate(size).data; }

void Op::operator delete(void* data, std::size_t size) noexcept {
  memory::deallocate(data, memory::capacity(size));
}

}  // namespace gradus
