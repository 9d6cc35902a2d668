#pragma once

#include <gradus/graph/source_location.h>

#include <string>
#include <string_view>
#include <utility>

namespace gradus {

// While one lives, this thread's op calls compute values and record nothing.
class NoGrad {
 public:
  NoGrad();
  ~NoGrad();
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;

 private:
  bool before_;
};

// While one lives, this thread's op calls belong to `name`: it stands in errors ("in dense_1") and in the
// graph. Scopes nest: "encoder/dense_1".
class Scope {
 public:
  explicit Scope(std::string_view name);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  const std::string* before_;
};

namespace recording {

struct State {
  bool enabled = true;
  const std::string* scope = nullptr;
  const SourceLocation* location = nullptr;
};
extern thread_local constinit State state;

inline bool enabled() { return state.enabled; }
inline const std::string* scope() { return state.scope; }  // nullptr outside any; else never freed
inline const SourceLocation* attributed_location() {
  return state.location;
}  // nullptr outside any Attribute

// Sets whether this thread records, for the time of a backward pass.
class Enable {
 public:
  explicit Enable(bool record) : before_(std::exchange(state.enabled, record)) {}
  ~Enable() { state.enabled = before_; }
  Enable(const Enable&) = delete;
  Enable& operator=(const Enable&) = delete;

 private:
  bool before_;
};

// While one lives, calls are recorded as made where it was told last: gradient nodes carry the line of the
// node they belong to.
class Attribute {
 public:
  Attribute() : before_(state.location), scope_before_(state.scope) {}
  Attribute(const SourceLocation& where, const std::string* scope) : Attribute() { set(where, scope); }
  ~Attribute() { reset(); }
  // REQUIRES that `where` lives until the next call of either, or this does not.
  void set(const SourceLocation& where, const std::string* scope) {
    state.location = &where;
    state.scope = scope;
  }
  // As it was before.
  void reset() {
    state.location = before_;
    state.scope = scope_before_;
  }
  Attribute(const Attribute&) = delete;
  Attribute& operator=(const Attribute&) = delete;

 private:
  const SourceLocation* before_;
  const std::string* scope_before_;
};

}  // namespace recording
}  // namespace gradus
