#include <gradus/graph/call.h>
#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/op.h>

#include <mutex>

namespace gradus {

DType Op::operand_dtype(const Call& call, std::size_t /*i*/) const { return call.common_dtype(); }

std::optional<DType> Op::operands_dtype(const Call& /*call*/) const { return std::nullopt; }

DType Op::infer_dtype(const Call& call) const { return call.dtype(0); }

Tensor Op::compute_alike(const Call& /*call*/) const { return {}; }

void Op::vjp(Backward& /*backward*/) const { throw StateError(std::string(name()) + ": has no gradient"); }

const Ref<const Op>& Op::make_lasting(Lasting& made, Op* (*make)()) {
  static constinit std::mutex mutex;
  const std::scoped_lock lock(mutex);
  if (const auto* op = made.load(std::memory_order_acquire)) return *op;  // another thread was first
  Op* const op = make();
  op->lasting_ = true;
  const auto* const kept = new Ref<const Op>(Ref<const Op>::adopt(op));
  made.store(kept, std::memory_order_release);
  return *kept;
}

void* Op::operator new(std::size_t size) { return memory::allocate(size).data; }

void Op::operator delete(void* data, std::size_t size) noexcept {
  memory::deallocate(data, memory::capacity(size));
}

}  // namespace gradus
