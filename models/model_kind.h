#pragma once

#include <gradus/models/call_site.h>
#include <gradus/models/model.h>

namespace gradus {

// A model's state beside its layers: how it is trained, and how far it has come.
class Model::Kind : public Layer::Kind {
 public:
  explicit Kind(ModelOptions options);

  void set_context(const Random& random, DType dtype) override;
  std::vector<Weight> weight_list() const override;
  // Of one sample of the output. REQUIRES built().
  virtual Shape built_output_shape() const = 0;

  std::uint64_t seed() const { return seed_; }
  bool seed_given() const { return seed_given_; }
  Random random() const { return Random(seed_); }

  // StateError naming the call.
  void require_layers(const CallSite& call) const;
  void require_built(const CallSite& call) const;
  void require_compiled(const CallSite& call) const;

  // The optimizer, ready for the weights that are trainable now; it starts afresh when those have changed.
  Optimizer& ready_optimizer();
  // Drops what backward leaves in weights that the optimizer does not know.
  void drop_frozen_gradients() const;

  // The precision that this model's products have, while it lives.
  class Precision {
   public:
    explicit Precision(const Kind& model)
        : scope_(model.training_.options.matmul_precision.value_or(matmul_precision())) {}

   private:
    MatmulPrecisionScope scope_;
  };

  struct Training {
    CompileOptions options = {};
    std::vector<Parameter> trained = {};  // what the optimizer was made ready for
    std::vector<Parameter> frozen = {};
    std::int64_t epochs_done = 0;  // each epoch draws its own order, also over several calls of fit
    bool compiled = false;
    bool stop = false;
    bool interrupted = false;                    // set by StopOnInterrupt: also breaks off the epoch
    std::optional<std::int64_t> resume_at = {};  // set by BackupAndRestore: the epoch fit begins with
  };
  Training& training() { return training_; }
  const Training& training() const { return training_; }

 private:
  std::uint64_t seed_;
  bool seed_given_;
  Training training_;
};

}  // namespace gradus
