#pragma once

#include <oneapi/dnnl/dnnl.h>

#include <omp.h>

#include <mutex>

// For the kernels that run on oneDNN, where the build has it.

namespace gradus::kernels::onednn {

// The processor; lives as long as the process.
dnnl_engine_t engine();

// Held while a primitive is made: oneDNN hands what one thread made to the next, by locks of its own that the
// thread sanitizer does not see.
std::mutex& making();

// oneDNN's own threads would cut the sums by their number, and compete with ours: while one lives, oneDNN
// runs what this thread asks for on this thread.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) {
    if (before_ != 1) omp_set_num_threads(1);
  }
  ~OneThread() {
    if (before_ != 1) omp_set_num_threads(before_);
  }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

}  // namespace gradus::kernels::onednn
