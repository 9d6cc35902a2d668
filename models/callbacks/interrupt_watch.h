#pragma once

namespace gradus {

// While one lives, the first SIGINT (Ctrl-C) is noted instead of ending the process; the next goes to whoever
// had it before. A process that ignores SIGINT goes on ignoring it. Several may live at once, in any thread:
// each sees the signals since its own beginning. When the last is gone all is as it was, unless somebody else
// has taken the signal meanwhile.
class InterruptWatch {
 public:
  InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch();

  bool seen() const;

 private:
  int before_;
};

}  // namespace gradus
