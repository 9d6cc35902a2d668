#pragma once

#include <gradus/graph/random.h>

#include <concepts>
#include <functional>
#include <string>
#include <type_traits>

namespace gradus {

// Initial values of weights, by Keras's formulas. Each is there as a function, as a class for options, and
// under its name in strings. What they draw depends on the Random alone. DTypeError unless floating, save for
// zeros, ones, constant and identity.

// A kernel [..., in, out] has fans in·field and out·field, where field is the product of what stands before;
// [n] has n and n, a scalar 1 and 1. Uniform ones draw from [-limit, limit) with limit = sqrt(3 s), normal
// ones cut a normal distribution at two of its standard deviations so that the variance left is s, where s is
// 2 / (in + out) for Glorot, 2 / in for He and 1 / in for Lecun.
Tensor glorot_uniform(const Shape& shape, Random& random, DType dtype = DType::float32);
Tensor glorot_normal(const Shape& shape, Random& random, DType dtype = DType::float32);
Tensor he_uniform(const Shape& shape, Random& random, DType dtype = DType::float32);
Tensor he_normal(const Shape& shape, Random& random, DType dtype = DType::float32);
Tensor lecun_uniform(const Shape& shape, Random& random, DType dtype = DType::float32);
Tensor lecun_normal(const Shape& shape, Random& random, DType dtype = DType::float32);

struct VarianceScalingOptions {
  double scale = 1;                               // above 0
  std::string mode = "fan_in";                    // or "fan_out", "fan_avg"
  std::string distribution = "truncated_normal";  // or "untruncated_normal", "uniform"; "normal" is the first
};
// The family of the six above: s = scale / max(1, fan). ValueError for a scale or name that is none.
Tensor variance_scaling(const Shape& shape, Random& random, const VarianceScalingOptions& options = {},
                        DType dtype = DType::float32);

struct RandomNormalOptions {
  double mean = 0;
  double stddev = 0.05;
};
struct RandomUniformOptions {
  double minval = -0.05;
  double maxval = 0.05;
};
Tensor random_normal(const Shape& shape, Random& random, RandomNormalOptions options = {},
                     DType dtype = DType::float32);
Tensor truncated_normal(const Shape& shape, Random& random, RandomNormalOptions options = {},
                        DType dtype = DType::float32);  // cut at two standard deviations
Tensor random_uniform(const Shape& shape, Random& random, RandomUniformOptions options = {},
                      DType dtype = DType::float32);

Tensor zeros(const Shape& shape, DType dtype = DType::float32);
Tensor ones(const Shape& shape, DType dtype = DType::float32);
Tensor constant(const Shape& shape, double value, DType dtype = DType::float32);

struct GainOptions {
  double gain = 1;
};
// `gain` on the diagonal of a matrix, 0 elsewhere. ShapeError unless the rank is 2.
Tensor identity(const Shape& shape, GainOptions options = {}, DType dtype = DType::float32);
// A random matrix [product of the leading axes, last axis] whose shorter side is orthonormal, times `gain`.
// ShapeError for a rank below 2. (Saxe, McClelland and Ganguli, 2014.)
Tensor orthogonal(const Shape& shape, Random& random, GainOptions options = {}, DType dtype = DType::float32);

// What a layer takes for `kernel_initializer` and its like: a name, one of the classes below, or any function
// (shape, random, dtype) -> Tensor.
class Initializer {
 public:
  using Function = std::function<Tensor(const Shape&, Random&, DType)>;

  // ValueError for an unknown name. Upper and lower case and underscores do not matter.
  Initializer(const char* name);         // NOLINT: implicit on purpose
  Initializer(const std::string& name);  // NOLINT
  template <class F>
  requires(std::is_invocable_r_v<Tensor, F&, const Shape&, Random&, DType> &&
           !std::derived_from<F, Initializer>) Initializer(F function)  // NOLINT
      : Initializer("custom", Function(std::move(function))) {}
  Initializer(std::string name, Function function);

  // ShapeError, DTypeError when a function of the user's own returns something else than it was asked for.
  Tensor operator()(const Shape& shape, Random& random, DType dtype = DType::float32) const;
  const std::string& name() const { return name_; }  // "glorot_uniform"

 private:
  std::string name_;
  Function function_;
};

struct GlorotUniform : Initializer {
  GlorotUniform();
};
struct GlorotNormal : Initializer {
  GlorotNormal();
};
struct HeUniform : Initializer {
  HeUniform();
};
struct HeNormal : Initializer {
  HeNormal();
};
struct LecunUniform : Initializer {
  LecunUniform();
};
struct LecunNormal : Initializer {
  LecunNormal();
};
struct VarianceScaling : Initializer {
  explicit VarianceScaling(const VarianceScalingOptions& options = {});
};
struct RandomNormal : Initializer {
  explicit RandomNormal(RandomNormalOptions options = {});
};
struct TruncatedNormal : Initializer {
  explicit TruncatedNormal(RandomNormalOptions options = {});
};
struct RandomUniform : Initializer {
  explicit RandomUniform(RandomUniformOptions options = {});
};
struct Zeros : Initializer {
  Zeros();
};
struct Ones : Initializer {
  Ones();
};
struct Constant : Initializer {
  explicit Constant(double value = 0);
};
// Not Identity: that is a layer.
struct IdentityInitializer : Initializer {
  explicit IdentityInitializer(GainOptions options = {});
};
struct Orthogonal : Initializer {
  explicit Orthogonal(GainOptions options = {});
};

}  // namespace gradus
