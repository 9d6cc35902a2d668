#pragma once

#include <gradus/models/layer.h>

#include <memory>
#include <string>
#include <vector>

namespace gradus {

// What stands for a batch while a Model is put together: an Input, or what a layer makes of others. A shape
// is that of one sample. A cheap handle.
//   auto in = Input({784});
//   auto out = Dense(10, {.activation = "softmax"})(Dense(128, {.activation = "relu"})(in));
//   Model model({in}, {out});
class Symbol {
 public:
  struct Call;

  const Shape& shape() const;
  const std::string& name() const;  // of the layer it comes from
  const Call& call() const;         // StateError when it was moved from
  std::size_t output() const { return output_; }

  Symbol(std::shared_ptr<const Call> call, std::size_t output) : call_(std::move(call)), output_(output) {}

 private:
  std::shared_ptr<const Call> call_;
  std::size_t output_ = 0;
};

// One call of a layer on symbols.
struct Symbol::Call {
  Layer layer;
  mutable std::vector<Symbol> inputs = {};  // none: an Input; changed only when the call dies
  CallOptions options = {};
  std::vector<Shape> output_shapes = {};

  ~Call();
};

// A + b and the other operators on symbols are the layers Add, Subtract and Multiply.
Symbol operator+(const Symbol& a, const Symbol& b);
Symbol operator-(const Symbol& a, const Symbol& b);
Symbol operator*(const Symbol& a, const Symbol& b);

}  // namespace gradus
