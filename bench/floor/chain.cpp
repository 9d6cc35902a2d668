#include "floors.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <source_location>
#include <stdexcept>
#include <utility>
#include <vector>

namespace gradus::bench::floor {

namespace {

// Blocks of one size, kept for reuse.
template <std::size_t kBytes>
struct Pool {
  struct Free {
    Free* next;
  };
  static void* allocate() {
    Free* block = head;
    if (block == nullptr) return std::aligned_alloc(64, kBytes);
    head = block->next;
    return block;
  }
  static void release(void* block) { head = new (block) Free{head}; }
  static inline thread_local Free* head = nullptr;
};

template <class T>
class Ref {
 public:
  Ref() = default;
  explicit Ref(T* pointer) : pointer_(pointer) {}  // takes over a reference
  Ref(const Ref& other) : pointer_(other.pointer_) {
    if (pointer_ != nullptr) ++pointer_->references;
  }
  Ref(Ref&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(pointer_, other.pointer_);
    return *this;
  }
  ~Ref() {
    if (pointer_ != nullptr && --pointer_->references == 0) T::destroy(pointer_);
  }
  T* get() const { return pointer_; }
  T* detach() { return std::exchange(pointer_, nullptr); }
  T* operator->() const { return pointer_; }
  T& operator*() const { return *pointer_; }
  explicit operator bool() const { return pointer_ != nullptr; }

 private:
  T* pointer_ = nullptr;
};

struct alignas(64) Buffer {
  std::uint32_t references = 1, version = 0;
  static constexpr std::size_t kBytes = 128;
  float* data() { return reinterpret_cast<float*>(reinterpret_cast<std::byte*>(this) + 64); }
  static Ref<Buffer> make() { return Ref<Buffer>(new (Pool<kBytes>::allocate()) Buffer); }
  static void destroy(Buffer* buffer) { Pool<kBytes>::release(buffer); }
};

enum class DType : std::uint8_t { float32, float64 };
struct Shape {
  std::int32_t rank = 0;
  std::array<std::int32_t, 4> dims = {};
  bool operator==(const Shape&) const = default;
  int elements() const {
    int product = 1;
    for (int i = 0; i < rank; ++i) product *= dims[static_cast<std::size_t>(i)];
    return product;
  }
};
struct Tensor {
  Ref<Buffer> buffer;
  Shape shape;
  DType dtype = DType::float32;
};

struct Node;
struct Edge {
  Ref<Node> node;
  std::uint32_t version = 0;
};

struct Op {
  virtual ~Op() = default;
  virtual Shape infer_shape(const Shape& a, const Shape& b) const {
    if (a != b) throw std::invalid_argument("the shapes differ");
    return a;
  }
  virtual void forward(const Tensor& a, const Tensor& b, Tensor& y) const = 0;
  virtual void vjp(const Node& node, const Ref<Node>& g, Ref<Node>& da, Ref<Node>& db) const = 0;
};

struct Node {
  std::uint32_t references = 1, depth = 0, mark = 0, version = 0;
  bool requires_grad = false;
  const Op* op = nullptr;
  Tensor value;
  std::array<Edge, 2> inputs;
  std::source_location where;
  Node* next_dead = nullptr;

  static Ref<Node> make() { return Ref<Node>(new (Pool<sizeof(Node) + 64>::allocate()) Node); }
  static void destroy(Node* node) {
    node->next_dead = nullptr;
    for (Node* dead = node; dead != nullptr;) {
      Node* current = std::exchange(dead, dead->next_dead);
      for (Edge& edge : current->inputs) {
        Node* input = edge.node.detach();
        if (input != nullptr && --input->references == 0) {
          input->next_dead = dead;
          dead = input;
        }
      }
      current->~Node();
      Pool<sizeof(Node) + 64>::release(current);
    }
  }
};

struct Operand {
  const Ref<Node>& node;
  std::source_location where;
  Operand(const Ref<Node>& passed, std::source_location line = std::source_location::current())  // NOLINT
      : node(passed), where(line) {}
};

Ref<Node> constant(Tensor value) {
  Ref<Node> node = Node::make();
  node->value = std::move(value);
  return node;
}

// Calls body with the element type of the dtype.
template <class Body>
void dispatch(DType dtype, const Body& body) {
  if (dtype != DType::float32) throw std::invalid_argument("float32 only");
  body(float{});
}

template <class F>
Tensor elementwise(const Tensor& a, const Tensor& b, const F& f) {
  Tensor y{Buffer::make(), a.shape, a.dtype};
  dispatch(a.dtype, [&]<class T>(T) {
    const T *left = a.buffer->data(), *right = b.buffer->data();
    T* out = y.buffer->data();
    for (int i = 0, n = a.shape.elements(); i < n; ++i) out[i] = f(left[i], right[i]);
  });
  return y;
}
constexpr auto kSum = [](auto a, auto b) { return a + b; };
constexpr auto kProduct = [](auto a, auto b) { return a * b; };

struct Add : Op {
  void forward(const Tensor& a, const Tensor& b, Tensor& y) const override { y = elementwise(a, b, kSum); }
  void vjp(const Node& /*node*/, const Ref<Node>& g, Ref<Node>& da, Ref<Node>& db) const override {
    da = g;
    db = g;
  }
};

const Tensor& unchanged(const Edge& edge) {
  if (edge.node->value.buffer->version != edge.version) throw std::invalid_argument("changed in place");
  return edge.node->value;
}

struct Multiply : Op {
  void forward(const Tensor& a, const Tensor& b, Tensor& y) const override {
    y = elementwise(a, b, kProduct);
  }
  void vjp(const Node& node, const Ref<Node>& g, Ref<Node>& da, Ref<Node>& db) const override {
    da = constant(elementwise(g->value, unchanged(node.inputs[1]), kProduct));
    db = constant(elementwise(g->value, unchanged(node.inputs[0]), kProduct));
  }
};

Ref<Node> apply(const Op& op, const Operand& a, const Operand& b) {
  if (a.node->value.dtype != b.node->value.dtype) throw std::invalid_argument("the dtypes differ");
  Tensor y{{}, op.infer_shape(a.node->value.shape, b.node->value.shape), a.node->value.dtype};
  op.forward(a.node->value, b.node->value, y);
  Ref<Node> node = Node::make();
  node->op = &op;
  node->value = std::move(y);
  node->requires_grad = a.node->requires_grad || b.node->requires_grad;
  node->where = a.where;
  if (node->requires_grad) {
    node->depth = 1 + std::max(a.node->depth, b.node->depth);
    node->inputs = {Edge{a.node, a.node->value.buffer->version}, Edge{b.node, b.node->value.buffer->version}};
  }
  return node;
}

// Adds in place where nobody else holds the sum.
void accumulate(Ref<Node>& sum, Ref<Node> more) {
  if (!sum) {
    sum = std::move(more);
  } else if (sum->references == 1 && sum->value.buffer->references == 1) {
    dispatch(sum->value.dtype, [&]<class T>(T) {
      T* out = sum->value.buffer->data();
      const T* in = more->value.buffer->data();
      for (int i = 0, n = sum->value.shape.elements(); i < n; ++i) out[i] += in[i];
    });
  } else {
    sum = constant(elementwise(sum->value, more->value, kSum));
  }
}

// Differentiates `root` with respect to `leaf`, of the gradient `seed`.
Ref<Node> differentiate(const Ref<Node>& root, const Ref<Node>& leaf, Ref<Node> seed) {
  std::vector<Node*> nodes = {root.get()};
  root->mark = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const Edge& edge : nodes[i]->inputs) {
      Node* input = edge.node.get();
      if (input == nullptr || !input->requires_grad) continue;
      if (input->mark < nodes.size() && nodes[input->mark] == input) continue;
      input->mark = static_cast<std::uint32_t>(nodes.size());
      nodes.push_back(input);
    }
  }
  // Counting sort by depth.
  std::vector<std::uint32_t> starts(root->depth + 2);
  for (const Node* node : nodes) ++starts[node->depth + 1];
  for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  std::vector<Node*> order(nodes.size());
  for (Node* node : nodes) {
    node->mark = starts[node->depth]++;
    order[node->mark] = node;
  }
  std::vector<Ref<Node>> gradients(order.size());
  gradients[root->mark] = std::move(seed);
  for (std::size_t place = order.size(); place-- > 0;) {
    const Node& node = *order[place];
    if (node.op == nullptr) continue;
    const Ref<Node> g = std::move(gradients[place]);
    std::array<Ref<Node>, 2> given;
    node.op->vjp(node, g, given[0], given[1]);
    for (std::size_t i = 0; i < 2; ++i) {
      const Node& input = *node.inputs[i].node;
      if (given[i]->value.shape != input.value.shape)
        throw std::invalid_argument("a gradient of another shape");
      accumulate(gradients[input.mark], std::move(given[i]));
    }
  }
  return gradients[leaf->mark];
}

Tensor filled(float value) {
  Tensor x{Buffer::make(), {2, {4, 4}}, DType::float32};
  std::fill_n(x.buffer->data(), x.shape.elements(), value);
  return x;
}

constexpr int kNodes = 1000;

}  // namespace

Workload chain(bool multiply) {
  static const Add add;
  static const Multiply product;
  const Op* op = multiply ? static_cast<const Op*>(&product) : &add;
  Ref<Node> leaf = constant(filled(1)), seed = constant(filled(1));
  leaf->requires_grad = true;
  const auto step = [op, leaf, seed] {
    Ref<Node> h = leaf;
    for (int i = 0; i < kNodes; ++i) h = apply(*op, h, leaf);
    const Ref<Node> gradient = differentiate(h, leaf, seed);
    if (!(gradient->value.buffer->data()[0] > 0)) throw std::logic_error("the chain lost its gradient");
  };
  return {.step = step, .units = kNodes};
}

}  // namespace gradus::bench::floor
