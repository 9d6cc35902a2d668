#include <gradus/graph/error.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/reshaping.h>
#include <gradus/models/layers/same_shape.h>
#include <gradus/models/layers/sample_axes.h>
#include <gradus/models/layers/spatial.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

namespace {

class ReshapeKind : public Layer::Kind {
 public:
  ReshapeKind(const Dims& target, LayerOptions options) : Kind(std::move(options)), target_(target) {
    const auto below = [&](std::int64_t least) {
      return std::count_if(target.begin(), target.end(), [&](std::int64_t each) { return each < least; });
    };
    if (below(-1) > 0 || below(0) > 1) {
      throw ValueError("Reshape: target_shape has extents of 0 or more and at most one -1, got " +
                       to_string(target));
    }
  }

  Variable call(const Operand& x, CallOptions) override {
    const Shape shape = x.shape();
    return reshape(x, batch_shape(output_shape(sample_shape(shape)), shape[0]).dims());
  }

  Shape output_shape(const Shape& input) override {
    Dims dims = target_;
    std::int64_t known = 1;
    std::int64_t* open = nullptr;
    for (std::int64_t& extent : dims) {
      if (extent < 0) {
        open = &extent;
      } else if (__builtin_mul_overflow(known, extent, &known)) {
        throw ShapeError(name() + ": the number of elements of target_shape " + to_string(target_) +
                         " overflows");
      }
    }
    const std::int64_t elements = input.elements();
    if (open != nullptr) *open = known == 0 ? 0 : elements / known;
    if (known * (open == nullptr ? 1 : *open) != elements || (open != nullptr && known == 0)) {
      throw ShapeError(name() + ": samples of " + batch_text(input) + " do not fit target_shape " +
                       to_string(target_));
    }
    return Shape(std::move(dims));
  }

  Config get_config() const override {
    return Config().set("target_shape", std::vector<std::int64_t>(target_.begin(), target_.end()));
  }

 private:
  Dims target_;
};

class PermuteKind : public Layer::Kind {
 public:
  PermuteKind(const Axes& dims, LayerOptions options) : Kind(std::move(options)), dims_(dims) {
    std::vector<std::int64_t> sorted(dims.begin(), dims.end());
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (sorted[i] == static_cast<std::int64_t>(i) + 1) continue;
      throw ValueError("Permute: dims must be 1 to " + std::to_string(dims.size()) + " in some order, got " +
                       to_string(dims));
    }
  }

  Variable call(const Operand& x, CallOptions) override {
    output_shape(sample_shape(x.shape()));
    Axes axes(dims_.size() + 1, 0);
    std::copy(dims_.begin(), dims_.end(), axes.begin() + 1);
    return transpose(x, {.axes = axes});
  }

  Shape output_shape(const Shape& input) override {
    require_rank(*this, static_cast<int>(dims_.size()),
                 "of " + std::to_string(dims_.size()) + " axes (dims " + to_string(dims_) + ")", input);
    Dims dims = input.dims();
    for (std::size_t i = 0; i < dims.size(); ++i) dims[i] = input[static_cast<std::size_t>(dims_[i] - 1)];
    return Shape(std::move(dims));
  }

  Config get_config() const override {
    return Config().set("dims", std::vector<std::int64_t>(dims_.begin(), dims_.end()));
  }

 private:
  Axes dims_;
};

class RepeatVectorKind : public Layer::Kind {
 public:
  RepeatVectorKind(std::int64_t n, LayerOptions options)
      : Kind(std::move(options)), n_(positive("RepeatVector", "n", n)) {}

  Variable call(const Operand& x, CallOptions) override {
    require_rank(*this, 1, "[features]", sample_shape(x.shape()));
    return repeat(Operand(expand_dims(x, {.axis = 1}), x.where()), n_, {.axis = 1});
  }
  Shape output_shape(const Shape& input) override {
    require_rank(*this, 1, "[features]", input);
    return {n_, input[0]};
  }
  Config get_config() const override { return Config().set("n", n_); }

 private:
  std::int64_t n_;
};

struct IdentityKind : SameShape {
  using SameShape::SameShape;
  Variable call(const Operand& x, CallOptions) override { return x.variable(); }
  Config get_config() const override { return {}; }
};

}  // namespace

Reshape::Reshape(const Dims& target_shape, LayerOptions options)
    : Layer(std::make_shared<ReshapeKind>(target_shape, std::move(options)), "Reshape") {}
Permute::Permute(const Axes& dims, LayerOptions options)
    : Layer(std::make_shared<PermuteKind>(dims, std::move(options)), "Permute") {}
RepeatVector::RepeatVector(std::int64_t n, LayerOptions options)
    : Layer(std::make_shared<RepeatVectorKind>(n, std::move(options)), "RepeatVector") {}
Identity::Identity(LayerOptions options)
    : Layer(std::make_shared<IdentityKind>(std::move(options)), "Identity") {}

Reshape Reshape::from_config(const Config& config) {
  return layer_from<Reshape, LayerOptions, Axes>(config, "Reshape", "target_shape");
}
Permute Permute::from_config(const Config& config) {
  return layer_from<Permute, LayerOptions, Axes>(config, "Permute", "dims");
}
RepeatVector RepeatVector::from_config(const Config& config) {
  return layer_from<RepeatVector, LayerOptions, std::int64_t>(config, "RepeatVector", "n");
}
Identity Identity::from_config(const Config& config) { return plain_layer<Identity>(config, "Identity"); }

}  // namespace gradus
