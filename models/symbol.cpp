#include <gradus/graph/error.h>
#include <gradus/models/layer_checks.h>
#include <gradus/models/layers/merge.h>
#include <gradus/models/symbol.h>

namespace gradus {

// A loop, as models may be deep. Calls that others hold are left to them.
Symbol::Call::~Call() {
  try {
    std::vector<Symbol> open = std::move(inputs);
    while (!open.empty()) {
      const std::shared_ptr<const Call> last = std::move(open.back().call_);
      open.pop_back();
      if (!last || last.use_count() > 1) continue;
      for (Symbol& input : last->inputs) open.push_back(std::move(input));
      last->inputs.clear();
    }
  } catch (...) {  // NOLINT: without memory for the list, what is left goes by recursion
  }
}

const Symbol::Call& Symbol::call() const {
  if (!call_) throw StateError("Symbol: used after a move");
  return *call_;
}

const Shape& Symbol::shape() const { return call().output_shapes[output_]; }
const std::string& Symbol::name() const { return call().layer.name(); }

std::vector<Symbol> Layer::call_all(const std::vector<Symbol>& inputs, CallOptions options) const {
  if (inputs.empty()) throw ValueError(name() + ": needs an input, got none");
  std::vector<Shape> shapes;
  for (const Symbol& input : inputs) shapes.push_back(input.shape());
  std::vector<Shape> outputs = output_shapes(shapes);
  require_outputs(kind(), outputs.size());
  const auto call = std::make_shared<const Symbol::Call>(
      Symbol::Call{*this, inputs, std::move(options), std::move(outputs)});
  std::vector<Symbol> symbols;
  for (std::size_t i = 0; i < call->output_shapes.size(); ++i) symbols.emplace_back(call, i);
  return symbols;
}

Symbol Layer::operator()(const Symbol& x, CallOptions options) const {
  return call_all(std::vector<Symbol>{x}, std::move(options)).front();
}
Symbol Layer::operator()(std::initializer_list<Symbol> inputs, CallOptions options) const {
  return call_all(std::vector<Symbol>(inputs), std::move(options)).front();
}
Symbol Layer::operator()(const std::vector<Symbol>& inputs, CallOptions options) const {
  return call_all(inputs, std::move(options)).front();
}

Symbol operator+(const Symbol& a, const Symbol& b) { return Add()({a, b}); }
Symbol operator-(const Symbol& a, const Symbol& b) { return Subtract()({a, b}); }
Symbol operator*(const Symbol& a, const Symbol& b) { return Multiply()({a, b}); }

}  // namespace gradus
