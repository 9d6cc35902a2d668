#include <gradus/models/data/embedded.h>
#include <gradus/models/data/load_digits.h>

namespace gradus::data {

Digits load_digits() {
  const auto [x, y] = parse_embedded(kDigitsCsv);
  return {x, y};
}

}  // namespace gradus::data
