#pragma once

namespace gradus::tools {

// Takes the places of standard streams that the caller has closed, so that no file opened later gets them and
// what was meant for the terminal ends up inside it. Writing to such a stream still fails.
void hold_standard_streams();

}  // namespace gradus::tools
