#include <gradus/graph/error.h>
#include <gradus/ops/kernels/onednn.h>

namespace gradus::kernels::onednn {

dnnl_engine_t engine() {
  static const dnnl_engine_t made = [] {
    dnnl_engine_t result = nullptr;
    if (dnnl_engine_create(&result, dnnl_cpu, 0) != dnnl_success) {
      throw StateError("oneDNN does not start on this processor");
    }
    return result;
  }();
  return made;
}

std::mutex& making() {
  static auto& mutex = *new std::mutex;
  return mutex;
}

}  // namespace gradus::kernels::onednn
