#include <gradus/graph/recording.h>

#include <map>
#include <mutex>
#include <utility>

namespace gradus {

namespace {

struct State {
  bool enabled = true;
  const std::string* scope = nullptr;
  const SourceLocation* location = nullptr;
};
thread_local constinit State state;

// Nodes point at their scope's name, so names are kept for good: there are as many as layers, not as calls.
const std::string* intern(const std::string* outer, std::string_view name) {
  static auto& names = *new std::map<std::pair<const std::string*, std::string>, std::string, std::less<>>;
  static auto& mutex = *new std::mutex;
  const std::scoped_lock lock(mutex);
  auto key = std::pair(outer, std::string(name));
  if (const auto found = names.find(key); found != names.end()) return &found->second;
  std::string full = outer == nullptr ? key.second : *outer + "/" + key.second;
  return &names.emplace(std::move(key), std::move(full)).first->second;
}

}  // namespace

NoGrad::NoGrad() : before_(std::exchange(state.enabled, false)) {}
NoGrad::~NoGrad() { state.enabled = before_; }

Scope::Scope(std::string_view name) : before_(state.scope) { state.scope = intern(before_, name); }
Scope::~Scope() { state.scope = before_; }

namespace recording {

bool enabled() { return state.enabled; }
const std::string* scope() { return state.scope; }

Enable::Enable(bool record) : before_(std::exchange(state.enabled, record)) {}
Enable::~Enable() { state.enabled = before_; }

Attribute::Attribute(const SourceLocation& where, const std::string* scope)
    : before_(std::exchange(state.location, &where)), scope_before_(std::exchange(state.scope, scope)) {}
Attribute::~Attribute() {
  state.location = before_;
  state.scope = scope_before_;
}
const SourceLocation* attributed_location() { return state.location; }

}  // namespace recording
}  // namespace gradus
