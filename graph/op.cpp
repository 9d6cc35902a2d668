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

const Ref<const Op>& Op::make_lasting(Lasting& made, Op* (*make)()) {
  // Without a lock: the constructor may need other ops.
  Op* const op = make();
  op->lasting_ = true;
  const auto* kept = new Ref<const Op>(Ref<const Op>::adopt(op));
  const Ref<const Op>* first = nullptr;
  if (!made.compare_exchange_strong(first, kept, std::memory_order_acq_rel)) {
    op->lasting_ = false;  // another thread was first
    delete kept;
    return *first;
  }
  return *kept;
}

void* Op::operator new(std::size_t size) { return memory::allocate(size).data; }

void Op::operator delete(void* data, std::size_t size) noexcept {
  memory::deallocate(data, memory::capacity(size));
}

}  // namespace gradus
