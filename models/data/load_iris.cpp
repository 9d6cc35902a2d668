#include <gradus/models/data/embedded.h>
#include <gradus/models/data/load_iris.h>

namespace gradus::data {

Iris load_iris() {
  // The first line has the columns' names.
  const auto [x, y] = parse_embedded(kIrisCsv.substr(kIrisCsv.find('\n') + 1));
  return {x, y};
}

}  // namespace gradus::data
