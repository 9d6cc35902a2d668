#pragma once

#include <gradus/models/config/option_fields.h>
#include <gradus/models/layer.h>

#include <string>
#include <string_view>

namespace gradus {

// Reads what Layer::get_config wrote, entry by entry; what is left over is an error. Entries that Keras
// writes and that say nothing here are skipped.
class LayerConfig {
 public:
  LayerConfig(const Config& config, std::string_view owner);

  // An argument that stands before the options: it must be there.
  template <class T>
  T take(std::string_view name) {
    T value = {};
    read_config_value(taken(name), value);
    return value;
  }
  // The options, with those that every layer has.
  template <class Options>
  Options options() {
    Options options = options_from<Options>(rest_, owner_);
    if constexpr (requires { options.name; }) options.name = name_;
    if constexpr (requires { options.trainable; }) options.trainable = trainable_;
    if constexpr (requires { options.dtype; }) options.dtype = dtype_;
    return options;
  }

 private:
  ConfigValue taken(std::string_view name);

  Config rest_;
  std::string owner_;
  std::string name_;
  bool trainable_ = true;
  std::optional<DType> dtype_;
};

template <>
inline constexpr auto kFields<LayerOptions> = std::tuple();

// The config of a layer without options of its own.
template <class L>
L plain_layer(const Config& config, std::string_view owner) {
  return L(LayerConfig(config, owner).options<LayerOptions>());
}

}  // namespace gradus
