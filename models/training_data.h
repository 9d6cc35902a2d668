#pragma once

#include <gradus/models/call_site.h>
#include <gradus/models/model_kind.h>

namespace gradus::training {

// The user's tensors as the model takes them. Every function throws what Model's documentation says, naming
// the call and the shapes.

// x of the model's dtype, [n] as [n, 1]; checked against the model's input shape where that is known.
Tensor input(const CallSite& call, const Model::Kind& model, const Tensor& x);
// The same with y and, where given, the sample weights [n], whose rows must agree with x's.
Data data(const CallSite& call, const Model::Kind& model, const Tensor& x, const Tensor& y,
          const Tensor& sample_weight);

// `data` with class weights made into sample weights. REQUIRES a built model.
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
int verbosity(const CallSite& call, Verbose verbose);

}  // namespace gradus::training
