#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/fresh_seed.h>
#include <gradus/models/layer.h>

#include <algorithm>

namespace gradus {

namespace {

// The streams that a layer's random numbers are divided into.
constexpr std::uint64_t kWeightStream = 0;
constexpr std::uint64_t kTrainingStream = 1;

}  // namespace

Layer::Kind::Kind(LayerOptions options)
    : name_(std::move(options.name)),
      name_given_(!name_.empty()),
      trainable_(options.trainable),
      dtype_given_(options.dtype.has_value()),
      dtype_(options.dtype.value_or(DType::float32)),
      seed_(options.seed),
      input_shape_(options.input_shape) {
  if (name_.find('/') != std::string::npos) {
    throw ValueError("layer name '" + name_ + "': '/' separates a layer's name from its weights'");
  }
  if (!is_floating(dtype_)) {
    throw DTypeError("layer: dtype must be float32 or float64, got " + std::string(to_string(dtype_)));
  }
  if (options.input_dim) {
    if (*options.input_dim < 1) {
      throw ValueError("layer: input_dim must be positive, got " + std::to_string(*options.input_dim));
    }
    if (input_shape_.rank() != 0) throw ValueError("layer: give input_shape or input_dim, not both");
    input_shape_ = {*options.input_dim};
  }
  given_input_shape_ = input_shape_;
}

void Layer::Kind::build(const Shape&) {}

Shape Layer::Kind::output_shape(const Shape& input) {
  std::vector<std::int64_t> dims(input.begin(), input.end());
  dims.insert(dims.begin(), 1);
  const NoGrad guard;
  const Variable output = call(Tensor::zeros(Shape(dims), dtype_), {});
  if (output.rank() == 0)
    throw ShapeError(name_ + ": the output of a layer needs a batch axis, got a scalar");
  return Shape(std::span(output.shape().begin() + 1, output.shape().end()));
}

std::vector<Weight> Layer::Kind::weight_list() const {
  std::vector<Weight> list = weights_;
  for (Weight& weight : list) weight.trainable = weight.trainable && trainable_;
  std::stable_partition(list.begin(), list.end(), [](const Weight& weight) { return weight.trainable; });
  return list;
}

void Layer::Kind::set_context(const Random& random, DType dtype) {
  if (built_) return;
  const Random own = seed_ ? Random(*seed_) : random;
  weights_random_ = own.stream(kWeightStream);
  random_ = own.stream(kTrainingStream);
  if (!dtype_given_) dtype_ = dtype;
  context_given_ = true;
}

void Layer::Kind::build_once(const Shape& input) {
  if (built_) return;
  if (!context_given_) set_context(Random(seed_ ? *seed_ : fresh_seed()), dtype_);
  try {
    build(input);
  } catch (...) {
    unbuild();
    throw;
  }
  input_shape_ = input;
  built_ = true;
}

void Layer::Kind::unbuild() {
  weights_.clear();
  input_shape_ = given_input_shape_;
  built_ = false;
}

Parameter Layer::Kind::add_weight(std::string_view name, const Shape& shape, WeightOptions options) {
  if (built_) throw StateError(name_ + ": add_weight belongs into build");
  for (const Weight& weight : weights_) {
    if (weight.path == name) throw ValueError(name_ + ": there are two weights '" + std::string(name) + "'");
  }
  Random random = weights_random_.stream(weights_.size());
  Parameter parameter(name_ + "/" + std::string(name), options.initializer(shape, random, dtype_));
  weights_.push_back({std::string(name), parameter, options.trainable});
  return parameter;
}

}  // namespace gradus
