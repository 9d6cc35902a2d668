#pragma once

#include <gmock/gmock.h>

namespace gradus::testing_data {

// Matches a call that throws an E whose text has all the parts.
template <class E, class... Parts>
auto says(Parts... parts) {
  return testing::ThrowsMessage<E>(testing::AllOf(testing::HasSubstr(parts)...));
}

}  // namespace gradus::testing_data
