#include <gradus/models/training/step_record.h>

namespace gradus {

StepRecord*& StepRecord::current() {
  static thread_local constinit StepRecord* record = nullptr;
  return record;
}

}  // namespace gradus
