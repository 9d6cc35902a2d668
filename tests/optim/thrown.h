#pragma once

#include <gtest/gtest.h>

#include <string>

namespace gradus {

// The text of the E that `f` throws.
template <class E, class F>
std::string thrown(F f) {
  try {
    f();
  } catch (const E& error) {
    return error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "threw another type: " << error.what();
    return error.what();
  }
  ADD_FAILURE() << "threw nothing";
  return {};
}

}  // namespace gradus
