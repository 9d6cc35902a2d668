#include <gradus/graph/error.h>
#include <gradus/models/config/described.h>

namespace gradus {

ConfigValue Described::description(std::string_view what) const {
  if (class_name_.empty()) {
    throw StateError(std::string(what) + " '" + name_ +
                     "': a function of one's own has no class by which it could be described; use a named " +
                     std::string(what));
  }
  return object_config(class_name_, config_);
}

}  // namespace gradus
