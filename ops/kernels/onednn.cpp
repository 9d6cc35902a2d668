#include <gradus/graph/error.h>
#include <gradus/ops/kernels/onednn.h>

#include <pthread.h>

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
  // A forked child has none of the threads that could give back this lock, or oneDNN's own.
  static const int registered =
      pthread_atfork([] { making().lock(); }, [] { making().unlock(); }, [] { making().unlock(); });
  static_cast<void>(registered);
  return mutex;
}

}  // namespace gradus::kernels::onednn
