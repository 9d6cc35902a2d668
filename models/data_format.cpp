#include <gradus/graph/suggest.h>
#include <gradus/models/data_format.h>

#include <array>

namespace gradus {

DataFormat::DataFormat(std::string_view name) {
  static constexpr std::array<std::string_view, 2> kNames = {"channels_last", "channels_first"};
  kind_ = find_name("data_format", name, kNames) == 0 ? channels_last : channels_first;
}

}  // namespace gradus
