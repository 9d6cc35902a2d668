#include <gradus/graph/suggest.h>
#include <gradus/models/training_options.h>

#include <array>

namespace gradus {

Verbose::Verbose(const char* name) : level_(1) {
  find_name("verbose", name, std::array<std::string_view, 1>{"auto"});
}

Shuffle::Shuffle(const char* name) : kind_(Kind::batch) {
  find_name("shuffle", name, std::array<std::string_view, 1>{"batch"});
}

}  // namespace gradus
