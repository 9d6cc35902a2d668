#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gradus {

// Names are told apart by letters and digits alone: upper and lower case and underscores do not matter, so
// "GlorotUniform" is "glorot_uniform". Anything else does: " relu" is not "relu".

// The place of `given` among `known`. ValueError with the text of `unknown_name` when it is none of them.
std::size_t find_name(std::string_view what, std::string_view given, std::span<const std::string_view> known);

// unknown activation 'rellu'; known are 'elu', 'relu', 'tanh'; did you mean 'relu'?
std::string unknown_name(std::string_view what, std::string_view given,
                         std::span<const std::string_view> known);

}  // namespace gradus
