#include <gradus/graph/recording.h>

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

namespace gradus {

thread_local constinit recording::State recording::state;

namespace {

using recording::state;

// Nodes point at their scope's name, so names are kept for good: there are as many as layers, not as calls.
const std::string* intern_shared(const std::string* outer, std::string_view name) {
  static auto& names = *new std::map<std::pair<const std::string*, std::string>, std::string, std::less<>>;
  static auto& mutex = *new std::mutex;
  const std::scoped_lock lock(mutex);
  auto key = std::pair(outer, std::string(name));
  if (const auto found = names.find(key); found != names.end()) return &found->second;
  std::string full = outer == nullptr ? key.second : *outer + "/" + key.second;
  return &names.emplace(std::move(key), std::move(full)).first->second;
}

// The same, from what this thread has met lately: a layer's call needs neither lock nor map.
const std::string* intern(const std::string* outer, std::string_view name) {
  struct Met {
    const std::string* outer = nullptr;
    const std::string* full = nullptr;
  };
  constexpr std::size_t kPlaces = 32;
  static thread_local constinit std::array<Met, kPlaces> met = {};
  const auto bits = reinterpret_cast<std::uintptr_t>(name.data()) ^ reinterpret_cast<std::uintptr_t>(outer);
  Met& place = met[(bits ^ (bits >> 5)) % kPlaces];
  const std::size_t size = name.size() + (outer == nullptr ? 0 : outer->size() + 1);
  if (place.full == nullptr || place.outer != outer || place.full->size() != size ||
      !place.full->ends_with(name)) {
    place = {outer, intern_shared(outer, name)};
  }
  return place.full;
}

}  // namespace

NoGrad::NoGrad() : before_(std::exchange(state.enabled, false)) {}
NoGrad::~NoGrad() { state.enabled = before_; }

Scope::Scope(std::string_view name) : before_(state.scope) { state.scope = intern(before_, name); }
Scope::~Scope() { state.scope = before_; }

}  // namespace gradus
