#pragma once

namespace gradus {

// How often the library and the test have called malloc and its kin, operator new included. The program is
// linked with heap_calls.cpp and --wrap for each of them.
long heap_calls();

}  // namespace gradus
