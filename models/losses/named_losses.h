#pragma once

#include <gradus/graph/suggest.h>
#include <gradus/models/losses/loss.h>

#include <span>
#include <string_view>
#include <vector>

namespace gradus {

// An object that a text stands for.
template <class Object>
struct Named {
  std::string_view name;
  Object (*make)();
};

// ValueError for a name that is not in the table: it lists those that are, and names the nearest.
template <class Object>
const Named<Object>& find_named(std::string_view what, std::string_view name,
                                std::span<const Named<Object>> table) {
  std::vector<std::string_view> known;
  known.reserve(table.size());
  for (const auto& entry : table) known.push_back(entry.name);
  return table[find_name(what, name, known)];
}

// Every loss that has a name, its short names beside the long one.
std::span<const Named<Loss>> named_losses();

}  // namespace gradus
