#include <gradus/tools/standard_streams.h>

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

namespace gradus::tools {

void hold_standard_streams() {
  // open() gives the lowest number that is free: the closed ones, in this order.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) == -1) (void)::open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace gradus::tools
