#pragma once

#include <gradus/models/callbacks/logs.h>

#include <cstdint>
#include <string>

namespace gradus::progress {

// " - accuracy: 0.9381 - loss: 0.1704 - val_accuracy: ...": by name, those of the validation last; four
// decimals, or as 1.2345e-04 where they would show too little.
std::string entries(const Logs& logs);
std::string duration_per_step(double seconds);                // "2ms/step"
std::string elapsed(double seconds);                          // "1s"
std::string remaining(double seconds);                        // "59s", "1:30", "1:02:03"
std::string step_count(std::int64_t done, std::int64_t all);  // " 12/800"

}  // namespace gradus::progress
