#pragma once

#include <gradus/models/call_site.h>
#include <gradus/models/model_kind.h>

namespace gradus::training {

// The user's tensors as the model takes them. Every function throws what Model's documentation says, naming
// the call and the shapes.

// x in the order of the model's inputs and of their dtypes, [n] as [n, 1]; checked against the model's input
// shapes where those are known.
Tensors input(const CallSite& call, const Model::Kind& model, const Tensors& x);
// The same with y, in the order of the outputs, and, where given, the sample weights [n] or [n, time, ...],
// whose rows must agree with x's.
Data data(const CallSite& call, const Model::Kind& model, const Tensors& x, const Tensors& y,
          const Tensors& sample_weight);
// The shapes of the samples, for building a model.
std::vector<Shape> sample_shapes(const Tensors& x);

// `data` with class weights made into sample weights. ValueError for a model of several outputs. REQUIRES a
// built model.
Data weighted(const CallSite& call, const Model::Kind& model, Data data, const ClassWeight& class_weight);

struct Split {
  Data training;
  Data validation;
};
// The last `fraction` of the samples becomes the validation's.
Split split(const CallSite& call, const Data& data, double fraction);

// Counts that must be positive, or not negative.
std::int64_t positive(const CallSite& call, const char* what, Count count);
std::int64_t not_negative(const CallSite& call, const char* what, Count count);
// `steps` where given, else all there are; ValueError for more than there are.
std::int64_t limited_steps(const CallSite& call, const char* what, const std::optional<Count>& steps,
                           std::int64_t all);
std::optional<std::int64_t> optional_steps(const CallSite& call, const char* what,
                                           const std::optional<Count>& steps);
int verbosity(const CallSite& call, Verbose verbose);

}  // namespace gradus::training
