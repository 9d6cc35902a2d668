#pragma once

#include <iostream>
#include <string>

namespace gradus {

// Where callbacks that were asked to be verbose say what they do.
inline void print_line(const std::string& text) { std::cout << text << '\n' << std::flush; }

}  // namespace gradus
