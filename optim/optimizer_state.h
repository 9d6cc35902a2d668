#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

// What the handles of one optimizer share. The slots' tensors lie parameter by parameter.
struct Optimizer::State {
  std::shared_ptr<const Kind> kind = {};
  double learning_rate = 0;
  std::int64_t iterations = 0;
  Variables parameters = {};                // empty: not built
  std::vector<const Buffer*> buffers = {};  // of the parameters' values, sorted
  std::vector<Kind::Slot> slots = {};
  std::vector<Tensor> tensors = {};

  // The name of the parameter, "parameter_3" for one without.
  std::string parameter_name(std::size_t place) const;
  // The places in `tensors` in the order in which they are saved.
  std::vector<std::size_t> saved_order() const;
};

}  // namespace gradus
