#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/callbacks/frequency.h>

#include <array>
#include <string>
#include <string_view>

namespace gradus {

Frequency::Frequency(std::int64_t batches) : batches_(batches) {
  if (batches < 1) {
    throw ValueError("a frequency must be \"epoch\", \"batch\" or a positive number of batches, got " +
                     std::to_string(batches));
  }
}

Frequency::Frequency(const char* name)
    : batches_(static_cast<std::int64_t>(
          find_name("frequency", name, std::array<std::string_view, 2>{"epoch", "batch"}))) {}

}  // namespace gradus
