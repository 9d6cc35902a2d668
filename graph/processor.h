#pragma once

namespace gradus {

// Throws StateError when this library was built for instructions (AVX-512 …) that this processor lacks; the
// text names them. Called before the first tensor is made, so that no program dies of an illegal instruction.
void require_processor();

}  // namespace gradus
