#pragma once

#include <gradus/graph/random.h>
#include <gradus/models/config/described.h>

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace gradus {

// Initial values of weights, by Keras's formulas. Each is there as a function, as a class for options, and
// under its name in strings. What they draw depends on the Random alone or, where the options have a `seed`,
// on that alone: it is then the same for every use, and the Random stays where it is. DTypeError unless
// floating, save for zeros, ones, constant and identity. ValueError for numbers that make no sense, such as
// a negative stddev; the classes throw it when they are made.

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
  std::optional<std::uint64_t> seed = {};
  // The axes whose extents multiply to the fans; both or, for the rule above, none.
  std::vector<std::int64_t> input_axes = {};
  std::vector<std::int64_t> output_axes = {};
};
// The family of the six above: s = scale / max(1, fan). ValueError for a scale or name that is none, or only
// one list of axes; ShapeError for an axis that the shape does not have.
Tensor variance_scaling(const Shape& shape, Random& random, const VarianceScalingOptions& options = {},
                        DType dtype = DType::float32);

struct RandomNormalOptions {
  double mean = 0;
  double stddev = 0.05;
  std::optional<std::uint64_t> seed = {};
};
struct RandomUniformOptions {
  double minval = -0.05;
  double maxval = 0.05;
  std::optional<std::uint64_t> seed = {};
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
struct OrthogonalOptions {
  double gain = 1;
  std::optional<std::uint64_t> seed = {};
};
// A random matrix [product of the leading axes, last axis] whose shorter side is orthonormal, times `gain`.
// ShapeError for a rank below 2. (Saxe, McClelland and Ganguli, 2014.)
Tensor orthogonal(const Shape& shape, Random& random, OrthogonalOptions options = {},
                  DType dtype = DType::float32);

// What a layer takes for `kernel_initializer` and its like: a name, one of the classes below, the values
// themselves, or any function (shape, random, dtype) -> Tensor.
class Initializer : public Described {
 public:
  using Function = std::function<Tensor(const Shape&, Random&, DType)>;

  // ValueError for an unknown name. Upper and lower case and underscores do not matter.
  Initializer(std::string_view name);                                     // NOLINT: implicit on purpose
  Initializer(const char* name) : Initializer(std::string_view(name)) {}  // NOLINT
  Initializer(const std::string& name) : Initializer(std::string_view(name)) {}  // NOLINT
  // Gives copies of `values`, in the dtype asked for; ShapeError when asked for another shape.
  Initializer(const Tensor& values);  // NOLINT
  template <class F>
  requires(std::is_invocable_r_v<Tensor, F&, const Shape&, Random&, DType> &&
           !std::derived_from<F, Initializer>) Initializer(F function)  // NOLINT
      : Initializer("custom", Function(std::move(function))) {}
  Initializer(std::string name, Function function);

  // ShapeError, DTypeError when a function of the user's own returns something else than it was asked for.
  Tensor operator()(const Shape& shape, Random& random, DType dtype = DType::float32) const;

  // {"class_name": "Constant", "config": {"value": 0.5}}, and the way back. StateError for a function of the
  // user's own; ValueError for a class or an option that is unknown.
  ConfigValue serialize() const { return description("initializer"); }
  static Initializer deserialize(const ConfigValue& description);

 protected:
  Initializer(Described description, Function function);

 private:
  Function function_;
};

// What the six classes of the named scalings take; see VarianceScalingOptions.
struct FanOptions {
  std::optional<std::uint64_t> seed = {};
  std::vector<std::int64_t> input_axes = {};
  std::vector<std::int64_t> output_axes = {};
};
struct GlorotUniform : Initializer {
  explicit GlorotUniform(const FanOptions& options = {});
};
struct GlorotNormal : Initializer {
  explicit GlorotNormal(const FanOptions& options = {});
};
struct HeUniform : Initializer {
  explicit HeUniform(const FanOptions& options = {});
};
struct HeNormal : Initializer {
  explicit HeNormal(const FanOptions& options = {});
};
struct LecunUniform : Initializer {
  explicit LecunUniform(const FanOptions& options = {});
};
struct LecunNormal : Initializer {
  explicit LecunNormal(const FanOptions& options = {});
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
  explicit Orthogonal(OrthogonalOptions options = {});
};

}  // namespace gradus
