#pragma once

#include <gradus/graph/operand.h>
#include <gradus/graph/random.h>
#include <gradus/models/config/config.h>
#include <gradus/models/constraints.h>
#include <gradus/models/initializers.h>
#include <gradus/models/regularizers.h>

#include <concepts>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

namespace gradus {

class Symbol;

// Whether a call is one of training: false unless given.
class Training {
 public:
  Training() = default;
  template <std::same_as<bool> B>
  constexpr Training(B training) : value_(training), given_(true) {}  // NOLINT: implicit on purpose
  constexpr operator bool() const { return value_; }                  // NOLINT
  constexpr bool given() const { return given_; }

 private:
  bool value_ = false;
  bool given_ = false;
};

struct CallOptions {
  // Dropout drops, BatchNormalization uses the batch's own statistics. Given in a call on Symbols it holds in
  // each call of the model, whatever that is.
  Training training = {};
  // Of each input: which steps count, boolean [batch, time]. Undefined, or left out: all do.
  std::vector<Tensor> mask = {};
  // Of attention layers: which pairs count, boolean [batch, query, key] or with the heads before `query`.
  Tensor attention_mask = {};
  bool use_causal_mask = false;  // a query sees no later key
};

// What a layer gives in a model: a value, and which of its steps count.
struct Masked {
  Variable value = {};
  Tensor mask = {};  // undefined: all count
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
  Regularizer regularizer = {};  // its value is added to the loss in training
  Constraint constraint = {};    // applied after each step of the optimizer
};

// A weight among others: where it stands and whether training changes it.
struct Weight {
  std::string path = {};  // "dense/kernel", from below the model or layer it was asked of
  Parameter parameter = {};
  bool trainable = true;
  Regularizer regularizer = {};
  Constraint constraint = {};
};

// A handle to a layer: copies refer to the same layer and share its weights. A shape here is that of one
// sample, without the batch axis. A layer that was moved from throws StateError. Two threads may call one
// layer at once when it is built and not in training.
class Layer {
 public:
  class Kind;

  template <std::derived_from<Kind> K>
  Layer(K kind);  // NOLINT: implicit on purpose

  // Runs the layer on a batch, whose first axis counts samples; builds it first where that was not yet done.
  Variable operator()(const Operand& x, CallOptions options = {}) const;
  // The same for layers of several inputs: `Concatenate()({a, b})`. The first output of several.
  Variable operator()(std::initializer_list<Operand> inputs, CallOptions options = {}) const;
  // All outputs: `auto outputs = lstm.call_all({x});`
  std::vector<Variable> call_all(const std::vector<Operand>& inputs, CallOptions options = {}) const;

  // The same for what stands for a batch while a Model is put together: nothing is computed, only shapes are
  // checked. Weights are made when the Model is.
  Symbol operator()(const Symbol& x, CallOptions options = {}) const;
  Symbol operator()(std::initializer_list<Symbol> inputs, CallOptions options = {}) const;
  Symbol operator()(const std::vector<Symbol>& inputs, CallOptions options = {}) const;
  std::vector<Symbol> call_all(const std::vector<Symbol>& inputs, CallOptions options = {}) const;

  // Makes the weights for samples of this shape; does nothing when they are made.
  void build(const Shape& input) const;
  void build_all(const std::vector<Shape>& inputs) const;
  bool built() const;
  Shape output_shape(const Shape& input) const;
  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) const;

  const std::string& name() const;
  const std::string& class_name() const;
  bool trainable() const;
  // A layer that is not trainable keeps its weights, and so do the layers in it; compile afterwards, as in
  // Keras, is not needed.
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

  // What makes an equal layer, without its weights: Keras's config. `layer_from_config` is the way back.
  // StateError for a layer of one's own that does not override Kind::get_config, or one that holds a function
  // without a name.
  Config get_config() const;

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
// Pass `x` on as it came: it carries the user's line. A layer of several inputs overrides `call_all` instead
// (and `build_all`), one of several outputs `output_shapes` too.
class Layer::Kind {
 public:
  Kind() = default;
  explicit Kind(LayerOptions options);  // ValueError for a bad input_dim or name
  virtual ~Kind() = default;

  // Makes the weights for samples of shape `input`. Called once, before the first `call`.
  virtual void build(const Shape& input);
  // Unless overridden: `build` for the one input, nothing for several.
  virtual void build_all(const std::vector<Shape>& inputs);
  // The layer's output for the batch `x`.
  virtual Variable call(const Operand& x, CallOptions options);
  virtual std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions& options);
  // The shape of one sample of the output. Unless overridden, the call is tried on one sample of zeros.
  virtual Shape output_shape(const Shape& input);
  virtual std::vector<Shape> output_shapes(const std::vector<Shape>& inputs);

  // Masks, as Keras hands them on between the layers of a model. Whether the layer makes one, and whether it
  // hands its input's on as it is; another rule overrides `output_masks`, which gets one mask for each input,
  // undefined where there is none, and gives one for each output.
  virtual bool makes_mask() const { return false; }
  virtual bool supports_masking() const { return false; }
  virtual std::vector<Tensor> output_masks(const std::vector<Operand>& inputs,
                                           const std::vector<Tensor>& masks);
  // Outputs with their masks: `call_all` and `output_masks` unless overridden.
  virtual std::vector<Masked> call_masked(const std::vector<Operand>& inputs, const CallOptions& options);

  // The layers inside this one, in order. They share its seed and dtype, and its weights have theirs.
  virtual std::vector<Layer> layers() const { return {}; }
  // The weights as Layer::weight_list gives them.
  virtual std::vector<Weight> weight_list() const;
  // Where a model tells its layers what they share, before they are built.
  virtual void set_context(const Random& random, DType dtype);
  // The options of the layer beside those of LayerOptions. StateError unless overridden.
  virtual Config get_config() const;

  const std::string& name() const { return name_; }
  const std::string& class_name() const { return class_name_; }
  bool built() const { return built_; }
  const Shape& input_shape() const { return input_shape_; }  // given or built for; rank 0: unknown
  bool trainable() const { return trainable_; }
  void set_trainable(bool trainable);
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
  // For use in `call`: adds a scalar to the loss of the training or test step that is under way.
  static void add_loss(const Variable& loss);
  // For use in `call` in training: the value that a weight outside the optimizer's care is to have after the
  // step; outside of fit at once.
  static void add_update(const Parameter& weight, const Tensor& value);

 private:
  friend class Layer;
  friend class LayerAccess;
  class Unbuild;
  void build_once(const std::vector<Shape>& inputs);
  std::vector<Shape> tried_shapes(const std::vector<Shape>& inputs);
  void unbuild();                                        // drops the layer's own weights
  void collect_unbuilt(std::vector<Layer>& list) const;  // of the layers in this one

  std::string name_;
  std::string class_name_;
  bool name_given_ = false;
  bool in_model_ = false;
  bool overrides_call_all_ = false;
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

template <std::derived_from<Layer::Kind> K>
Layer::Layer(K kind) : Layer(std::make_shared<K>(std::move(kind)), typeid(K)) {
  // A pointer to an inherited member has the type of the base.
  using SingleCall = Variable (Kind::*)(const Operand&, CallOptions);
  using ListCall = std::vector<Variable> (Kind::*)(const std::vector<Operand>&, const CallOptions&);
  constexpr bool kCall = !requires { requires std::same_as<decltype(&K::call), SingleCall>; };
  constexpr bool kCallAll = !requires { requires std::same_as<decltype(&K::call_all), ListCall>; };
  static_assert(kCall || kCallAll,
                "a layer overrides call, or call_all where it has several inputs or outputs");
  kind_->overrides_call_all_ = kCallAll;
}

}  // namespace gradus
