#include <gradus/plot/process.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <gradus/graph/error.h>

extern char** environ;

namespace gradus {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& program, const std::string& what) {
  throw ProcessError(program + ": " + what);
}

std::string reason(int code) { return std::generic_category().message(code); }

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~Descriptor() { close(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
};

// Both ends lie above the standard streams, also in a process that closed its own: the child's dup2 calls
// then cannot overwrite an end that a later one needs.
Pipe make_pipe(const std::string& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(program, "no pipe to it could be made: " + reason(errno));
  const Descriptor low_read(ends[0]);
  const Descriptor low_write(ends[1]);
  Pipe pipe{Descriptor(::fcntl(ends[0], F_DUPFD_CLOEXEC, 3)),
            Descriptor(::fcntl(ends[1], F_DUPFD_CLOEXEC, 3))};
  if (!pipe.read.open() || !pipe.write.open()) fail(program, "no pipe to it could be made: " + reason(errno));
  return pipe;
}

// A write to a pipe nobody reads raises SIGPIPE in the writing thread. It is held back here, and the one
// raised meanwhile is taken away, so that the host program's handling of the signal stays as it was.
class HeldSigpipe {
 public:
  HeldSigpipe() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &previous_);
  }
  HeldSigpipe(const HeldSigpipe&) = delete;
  HeldSigpipe& operator=(const HeldSigpipe&) = delete;
  ~HeldSigpipe() {
    const timespec now{};
    if (!was_pending_) {
      while (sigtimedwait(&sigpipe_, nullptr, &now) < 0 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
  }

 private:
  sigset_t sigpipe_;
  sigset_t previous_;
  bool was_pending_ = false;
};

// Owns a running program: one that nobody waited for is killed and reaped.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  // Its wait status, or nothing when the deadline passes first.
  std::optional<int> wait(const std::string& program, const std::optional<Clock::time_point>& deadline) {
    std::chrono::microseconds pause{100};
    while (true) {
      int status = 0;
      const pid_t done = ::waitpid(pid_, &status, deadline ? WNOHANG : 0);
      if (done == pid_) {
        pid_ = -1;
        return status;
      }
      if (done < 0 && errno != EINTR) {
        pid_ = -1;
        fail(program, "its exit status is lost: " + reason(errno));
      }
      if (!deadline) continue;
      if (Clock::now() >= *deadline) return std::nullopt;
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, std::chrono::microseconds{10000});
    }
  }

 private:
  pid_t pid_;
};

std::string install_hint(const std::string& program) {
  const std::string name = program.substr(program.rfind('/') + 1);
  for (const auto& [known, package] :
       {std::pair{"dot", "graphviz"}, std::pair{"nop", "graphviz"}, std::pair{"gnuplot", "gnuplot-nox"}}) {
    if (name == known) return std::string("; on Debian and Ubuntu: apt-get install ") + package;
  }
  return "";
}

struct SpawnSettings {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

  SpawnSettings(int input, int output, int error) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
    // The program starts with no signal blocked and SIGPIPE as usual, whatever the calling thread has set.
    sigset_t signals;
    posix_spawnattr_init(&attributes);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

pid_t spawn(const std::vector<std::string>& argv, int input, int output, int error) {
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const SpawnSettings settings(input, output, error);
  pid_t pid = -1;
  const int code = ::posix_spawnp(&pid, argv[0].c_str(), &settings.actions, &settings.attributes,
                                  arguments.data(), environ);
  if (code == ENOENT) fail(argv[0], "program not found" + install_hint(argv[0]));
  if (code != 0) fail(argv[0], "cannot be started: " + reason(code) + install_hint(argv[0]));
  return pid;
}

void check_arguments(const std::vector<std::string>& argv) {
  if (argv.empty() || argv[0].empty()) throw ValueError("run_process: no program is named");
  for (std::size_t i = 0; i < argv.size(); ++i) {
    if (argv[i].find('\0') != std::string::npos) {
      throw ValueError("run_process: argument " + std::to_string(i) + " of " + std::string(argv[0].c_str()) +
                       " holds a NUL character, which no program can be given");
    }
  }
}

// The parent's ends of the three pipes, and the traffic over them.
struct Traffic {
  std::string_view unsent;
  Descriptor input;
  Descriptor output;
  Descriptor error;

  void send() {
    const ssize_t sent = ::write(input.get(), unsent.data(), unsent.size());
    if (sent >= 0) unsent.remove_prefix(static_cast<std::size_t>(sent));
    const bool gone = sent < 0 && errno != EAGAIN && errno != EINTR;
    if (gone || unsent.empty()) input.close();
  }

  static void receive(Descriptor& from, std::string& into) {
    static constexpr std::size_t kChunk = 65536;
    std::array<char, kChunk> chunk;
    const ssize_t size = ::read(from.get(), chunk.data(), chunk.size());
    if (size > 0) into.append(chunk.data(), static_cast<std::size_t>(size));
    if (size == 0 || (size < 0 && errno != EINTR && errno != EAGAIN)) from.close();
  }

  // Moves bytes both ways until the program has closed its streams; false when the deadline passes first.
  bool run(ProcessResult& result, const std::optional<Clock::time_point>& deadline) {
    const HeldSigpipe held;
    if (unsent.empty()) input.close();
    while (input.open() || output.open() || error.open()) {
      int patience = -1;
      if (deadline) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
        if (left <= 0) return false;
        patience = static_cast<int>(std::min<long long>(left, 60'000));
      }
      // A closed descriptor is -1, which poll passes over.
      std::array<pollfd, 3> watched{pollfd{input.get(), POLLOUT, 0}, pollfd{output.get(), POLLIN, 0},
                                    pollfd{error.get(), POLLIN, 0}};
      if (::poll(watched.data(), watched.size(), patience) <= 0) continue;
      if (watched[0].revents != 0) send();
      if (watched[1].revents != 0) receive(output, result.output);
      if (watched[2].revents != 0) receive(error, result.error);
    }
    return true;
  }
};

}  // namespace

ProcessResult run_process(const std::vector<std::string>& argv, std::string_view input,
                          const ProcessOptions& options) {
  check_arguments(argv);
  std::optional<Clock::time_point> deadline;
  if (options.timeout.count() > 0) deadline = Clock::now() + options.timeout;

  Pipe to_child = make_pipe(argv[0]);
  Pipe from_child = make_pipe(argv[0]);
  Pipe errors_of_child = make_pipe(argv[0]);
  Child child(spawn(argv, to_child.read.get(), from_child.write.get(), errors_of_child.write.get()));
  to_child.read.close();
  from_child.write.close();
  errors_of_child.write.close();
  // Only our end must not block: the program's end is an open file description of its own.
  ::fcntl(to_child.write.get(), F_SETFL, O_NONBLOCK);

  ProcessResult result;
  Traffic traffic{input, std::move(to_child.write), std::move(from_child.read),
                  std::move(errors_of_child.read)};
  std::optional<int> status;
  if (traffic.run(result, deadline)) {
    traffic.input.close();
    status = child.wait(argv[0], deadline);
  }
  if (!status) fail(argv[0], "killed: not done after " + std::to_string(options.timeout.count()) + " ms");
  if (WIFEXITED(*status)) result.exit_status = WEXITSTATUS(*status);
  if (WIFSIGNALED(*status)) result.signal = WTERMSIG(*status);
  return result;
}

std::string output_of(const std::vector<std::string>& argv, std::string_view input,
                      const ProcessOptions& options) {
  ProcessResult result = run_process(argv, input, options);
  if (result.succeeded() && !result.output.empty()) return std::move(result.output);
  std::string said = result.error.substr(0, 2000);
  while (!said.empty() && (said.back() == '\n' || said.back() == ' ')) said.pop_back();
  if (!said.empty()) said = ": " + said;
  if (result.signal != 0) fail(argv[0], "ended by signal " + std::to_string(result.signal) + said);
  if (!result.succeeded())
    fail(argv[0], "failed with exit status " + std::to_string(result.exit_status) + said);
  fail(argv[0], "wrote nothing" + said);
}

}  // namespace gradus
