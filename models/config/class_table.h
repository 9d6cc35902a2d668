#pragma once

#include <gradus/graph/suggest.h>
#include <gradus/models/config/option_fields.h>

#include <array>
#include <string_view>

namespace gradus {

// A row of the table by which names and descriptions become things. Where the class has the same letters as
// the name ("L2", "l2") find_name knows both.
template <class Thing>
struct ClassRow {
  std::string_view name;
  std::string_view class_name;
  Thing (*make)(const Config& config, std::string_view class_name);
};

struct NoOptions {};

// A class that is made from its options, from the only one of them, or from none.
template <class Thing, class Class, class Options = NoOptions>
constexpr ClassRow<Thing> class_row(std::string_view name, std::string_view class_name) {
  return {name, class_name, [](const Config& config, std::string_view owner) {
            const auto options = options_from<Options>(config, owner);
            if constexpr (std::is_same_v<Options, NoOptions>) {
              return Thing(Class());
            } else if constexpr (std::is_constructible_v<Class, Options>) {
              return Thing(Class(options));
            } else {
              return Thing(Class(options.*std::get<0>(kFields<Options>).member));
            }
          }};
}

template <class Thing, std::size_t N>
const ClassRow<Thing>& find_row(std::string_view what, std::string_view name,
                                const std::array<ClassRow<Thing>, N>& rows) {
  std::array<std::string_view, N> names;
  for (std::size_t i = 0; i < N; ++i) names[i] = rows[i].name;
  return rows[find_name(what, name, names)];
}

// From Keras's form, {"class_name": …, "config": …}, or from a name alone. What else Keras writes beside the
// two (module, registered_name) says nothing new. ValueError for a class, or an option, that is unknown.
template <class Thing, std::size_t N>
Thing from_description(std::string_view what, const ConfigValue& description,
                       const std::array<ClassRow<Thing>, N>& rows) {
  if (description.is_text()) return Thing(description.text());
  const Config& whole = description.config();
  const ConfigValue* config = whole.find("config");
  const auto& row = find_row(what, whole["class_name"].text(), rows);
  return row.make(config == nullptr || config->is_null() ? Config() : config->config(), row.class_name);
}

}  // namespace gradus
