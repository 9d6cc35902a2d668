#pragma once

#include <gradus/graph/error.h>
#include <gradus/graph/source_location.h>

#include <string>
#include <string_view>

namespace gradus {

// The user's call that is being served: errors name it and its line.
struct CallSite {
  std::string_view name = {};  // "fit"
  SourceLocation where = {};

  // "fit: epochs must not be negative, got -1 (train.cpp:12)"
  std::string message(const std::string& problem) const {
    const std::string line = to_string(where);
    return std::string(name) + ": " + problem + (line.empty() ? "" : " (" + line + ")");
  }
  ShapeError shape_error(const std::string& problem) const { return ShapeError(message(problem)); }
  ValueError value_error(const std::string& problem) const { return ValueError(message(problem)); }
  StateError state_error(const std::string& problem) const { return StateError(message(problem)); }
};

}  // namespace gradus
