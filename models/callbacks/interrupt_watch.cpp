#include <gradus/models/callbacks/interrupt_watch.h>

#include <signal.h>

#include <atomic>
#include <cerrno>
#include <mutex>

namespace gradus {

namespace {

// What the handler touches: a counter without a lock, and what stood there before, which is written only
// while the handler is not installed.
std::atomic<int> interrupts = 0;
static_assert(std::atomic<int>::is_always_lock_free);
struct sigaction previous = {};

std::mutex watchers_mutex;
int watchers = 0;
bool installed = false;

extern "C" void note_interrupt(int) {
  const int error = errno;
  interrupts.fetch_add(1);
  ::sigaction(SIGINT, &previous, nullptr);
  errno = error;
}

bool is_ours(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == note_interrupt;
}

void install() {
  struct sigaction current = {};
  ::sigaction(SIGINT, nullptr, &current);
  if (!is_ours(current)) previous = current;  // somebody may have put ours back after the last watcher
  installed = (previous.sa_flags & SA_SIGINFO) != 0 || previous.sa_handler != SIG_IGN;
  if (!installed) return;
  struct sigaction action = {};
  action.sa_handler = note_interrupt;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
}

void restore() {
  struct sigaction current = {};
  ::sigaction(SIGINT, nullptr, &current);
  if (installed && is_ours(current)) ::sigaction(SIGINT, &previous, nullptr);
  installed = false;
}

}  // namespace

InterruptWatch::InterruptWatch() {
  const std::lock_guard lock(watchers_mutex);
  before_ = interrupts.load();
  if (watchers++ == 0) install();
}

InterruptWatch::~InterruptWatch() {
  const std::lock_guard lock(watchers_mutex);
  if (--watchers == 0) restore();
}

bool InterruptWatch::seen() const { return interrupts.load(std::memory_order_relaxed) != before_; }

}  // namespace gradus
