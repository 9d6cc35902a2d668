#pragma once

#include <gradus/graph/operand.h>
#include <gradus/graph/random.h>
#include <gradus/models/initializers.h>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

namespace gradus {

struct CallOptions {
  bool training = false;  // Dropout drops, BatchNormalization uses the batch's own statistics
};

// What every layer takes beside its own options.
struct LayerOptions {
  Shape input_shape = {};  // of one sample, without the batch; rank 0: not given
  std::optional<std::int64_t> input_dim = {};
  std::string name = {};  // empty: after the class, as Keras does: "dense", "dense_1"
  bool trainable = true;
  std::optional<DType> dtype = {};         // of the weights; the model's unless given
  std::optional<std::uint64_t> seed = {};  // of the weights and of what is drawn in training
};

struct WeightOptions {
  Initializer initializer = "glorot_uniform";
  bool trainable = true;
};

// A weight among others: where it stands and whether training changes it.
struct Weight {
  std::string path = {};  // "dense/kernel", from below the model or layer it was asked of
  Parameter parameter = {};
  bool trainable = true;
};

// A handle to a layer: copies refer to the same layer and share its weights. A shape here is that of one
// sample, without the batch axis. A layer that was moved from throws StateError. Two threads may call one
// layer at once when it is built and not in training.
class Layer {
 public:
  class Kind;

  template <std::derived_from<Kind> K>
  Layer(K kind) : Layer(std::make_shared<K>(std::move(kind)), typeid(K)) {}  // NOLINT: implicit on purpose

  // Runs the layer on a batch, whose first axis counts samples; builds it first where that was not yet done.
  Variable operator()(const Operand& x, CallOptions options = {}) const;
  // Makes the weights for samples of this shape; does nothing when they are made.
  void build(const Shape& input) const;
  bool built() const;
  Shape output_shape(const Shape& input) const;

  const std::string& name() const;
  const std::string& class_name() const;
  bool trainable() const;
  // A layer that is not trainable keeps its weights; compile afterwards, as in Keras, is not needed.
  void set_trainable(bool trainable) const;

  // The weights, trainable ones first in each layer.
  std::vector<Parameter> weights() const;
  std::vector<Parameter> trainable_weights() const;
  std::vector<Parameter> non_trainable_weights() const;
  std::vector<Weight> weight_list() const;
  std::int64_t count_params() const;
  // Copies of the weights' values, and the way back: all are set or, when one does not fit, none.
  // ShapeError, DTypeError naming the weight.
  std::vector<Tensor> get_weights() const;
  void set_weights(const std::vector<Tensor>& values) const;

  // The layer's own class: `scale.as<Scale>().gain`. StateError when it is of another one.
  template <std::derived_from<Kind> K>
  K& as() const {
    if (K* own = dynamic_cast<K*>(&kind())) return *own;
    throw_other_class(typeid(K));
  }
  Kind& kind() const {
    if (!kind_) throw_moved();
    return *kind_;
  }
  bool is(const Layer& other) const { return kind_ == other.kind_; }  // the same layer, not an equal one

 protected:
  Layer(std::shared_ptr<Kind> kind, const std::type_info& type);
  Layer(std::shared_ptr<Kind> kind, std::string_view class_name);

  std::shared_ptr<Kind> kind_;

 private:
  [[noreturn]] static void throw_moved();
  [[noreturn]] void throw_other_class(const std::type_info& wanted) const;
};

// What one derives a layer from. `call` is all that must be written:
//   struct Scale : Layer::Kind {
//     void build(const Shape& input) override {
//       gain = add_weight("gain", {input.back()}, {.initializer = "ones"});
//     }
//     Variable call(const Operand& x, CallOptions) override { return x * gain; }
//     Parameter gain;
//   };
// Pass `x` on as it came: it carries the user's line.
class Layer::Kind {
 public:
  Kind() = default;
  explicit Kind(LayerOptions options);  // ValueError for a bad input_dim or name
  virtual ~Kind() = default;

  // Makes the weights for samples of shape `input`. Called once, before the first `call`.
  virtual void build(const Shape& input);
  // The layer's output for the batch `x`.
  virtual Variable call(const Operand& x, CallOptions options) = 0;
  // The shape of one sample of the output. Unless overridden, `call` is tried on one sample of zeros.
  virtual Shape output_shape(const Shape& input);
  // The layers inside this one, in order.
  virtual std::vector<Layer> layers() const { return {}; }
  // The weights as Layer::weight_list gives them.
  virtual std::vector<Weight> weight_list() const;
  // Where a model tells its layers what they share, before they are built.
  virtual void set_context(const Random& random, DType dtype);

  const std::string& name() const { return name_; }
  const std::string& class_name() const { return class_name_; }
  bool built() const { return built_; }
  const Shape& input_shape() const { return input_shape_; }  // given or built for; rank 0: unknown
  bool trainable() const { return trainable_; }
  DType dtype() const { return dtype_; }
  bool dtype_given() const { return dtype_given_; }

 protected:
  Kind(const Kind&) = default;
  Kind(Kind&&) = default;
  Kind& operator=(const Kind&) = default;
  Kind& operator=(Kind&&) = default;

  // A new weight, drawn from the layer's own stream of random numbers. Only for use in `build`.
  Parameter add_weight(std::string_view name, const Shape& shape, WeightOptions options = {});
  // The random numbers of this layer for use in training; moves on with each draw.
  Random& random() { return random_; }

 private:
  friend class Layer;
  friend class SequentialKind;
  void build_once(const Shape& input);
  void unbuild();  // drops the layer's own weights

  std::string name_;
  std::string class_name_;
  bool name_given_ = false;
  bool in_model_ = false;
  bool trainable_ = true;
  bool built_ = false;
  bool dtype_given_ = false;
  bool context_given_ = false;
  DType dtype_ = DType::float32;
  std::optional<std::uint64_t> seed_;
  Random random_;
  Random weights_random_;
  Shape input_shape_;
  Shape given_input_shape_;
  std::vector<Weight> weights_;
};

}  // namespace gradus
