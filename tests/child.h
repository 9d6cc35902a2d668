#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace gradus::test {

// The exit code of a forked child that runs `body`, which gives it; -1 for a child that a signal ended.
template <class Body>
int exit_code_of_child(const Body& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = -1;  // of a failed fork
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace gradus::test
