#pragma once

#include <cstdint>

namespace gradus {

// How many threads compute: the caller's and those of one pool that all share. At first as many as the
// processors that this process may use. Results have the same bits for any number.
int num_threads();
// ValueError unless 1 or more. The pool grows when there is work for it, not here.
void set_num_threads(int count);

namespace parallel {

using Piece = void (*)(const void* body, std::int64_t begin, std::int64_t end);
void run(std::int64_t count, std::int64_t grain, Piece piece, const void* body);

}  // namespace parallel

// Note [Parallel loops]
// `body(begin, end)` runs for the pieces [0, grain), [grain, 2 grain) … of [0, count), in any order, on the
// caller and the pool's threads. `grain`, all that pieces depend on, must depend on sizes alone: so no result
// depends on the number of threads. A thread begins with neighbouring pieces, the same in each loop over as
// many, then helps others. A piece is worth a thread from about 20 us of work. One piece, one thread, a loop
// inside a piece, and one while another thread's is running all run on the caller. Workers flush subnormal
// numbers if it does, and never record. It gets the first exception, once no piece is running.
template <class Body>
void parallel_for(std::int64_t count, std::int64_t grain, const Body& body) {
  if (count <= 0) return;
  if (count <= grain) {
    body(std::int64_t{0}, count);
    return;
  }
  const parallel::Piece piece = [](const void* data, std::int64_t begin, std::int64_t end) {
    (*static_cast<const Body*>(data))(begin, end);
  };
  parallel::run(count, grain, piece, &body);
}

}  // namespace gradus
