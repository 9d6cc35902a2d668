#pragma once

#include <gradus/graph/parallel.h>

// For a program that gradus_watch_loops() links: the library's calls of `run` come to `run_watched`, which
// the program defines; `run_unwatched` is the library's own.
namespace gradus::parallel {

void run_watched(std::int64_t count, std::int64_t grain, Piece piece,
                 const void* body) asm("__wrap__ZN6gradus8parallel3runEllPFvPKvllES2_");
void run_unwatched(std::int64_t count, std::int64_t grain, Piece piece,
                   const void* body) asm("__real__ZN6gradus8parallel3runEllPFvPKvllES2_");

}  // namespace gradus::parallel
