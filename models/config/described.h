#pragma once

#include <gradus/models/config/config.h>

#include <string>
#include <string_view>

namespace gradus {

// What initializers, regularizers and constraints have in common: they are known by a name and, save for
// functions of the user's own, by the class and options that make the same again.
class Described {
 public:
  Described() = default;
  // A function of the user's own.
  explicit Described(std::string name) : name_(std::move(name)) {}
  Described(std::string_view name, std::string_view class_name, Config config)
      : name_(name), class_name_(class_name), config_(std::move(config)) {}

  const std::string& name() const { return name_; }  // "l2"; empty where there is none

 protected:
  // {"class_name": "L2", "config": {"l2": 0.01}}. StateError for a function of the user's own: nothing could
  // make it again. `what` is what its text calls it.
  ConfigValue description(std::string_view what) const;

 private:
  std::string name_;
  std::string class_name_;
  Config config_;
};

}  // namespace gradus
