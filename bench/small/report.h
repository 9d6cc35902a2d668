#pragma once

namespace gradus::bench {

// What a small program prints at its end. Elsewhere, since a user's small file has no use for files.
void report(double loss);

}  // namespace gradus::bench
