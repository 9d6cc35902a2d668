#pragma once

#include <gradus/models/call_site.h>
#include <gradus/models/model.h>
#include <gradus/models/training/step_record.h>

namespace gradus {

// A model's state beside its layers: how it is trained, and how far it has come. What one derives a model of
// one's own from, with the layers as members:
//   struct Net : Model::Kind {
//     Dense hidden = Dense(32, {.activation = "relu"});
//     Dense out = Dense(1);
//     std::vector<Layer> layers() const override { return {hidden, out}; }
//     Variable call(const Operand& x, CallOptions options) override { return out(hidden(x, options),
//     options); }
//   };
//   Model model = Net();
class Model::Kind : public Layer::Kind {
 public:
  explicit Kind(ModelOptions options = {});

  // An input or an output: the shape of one sample, and what samples are converted to where that is not the
  // model's dtype.
  struct Port {
    std::string name = {};
    Shape shape = {};
    std::optional<DType> dtype = {};
  };
  // REQUIRES built().
  virtual std::vector<Port> inputs() const;
  virtual std::vector<Port> outputs() const;
  // One input and one output, so that `call` says it all.
  virtual bool single() const { return input_shapes_.size() <= 1 && output_shapes_.size() <= 1; }

  // Whether the layers are called one after another, in the order of `layers()`.
  virtual bool is_chain() const { return false; }

  // Makes the layers' weights and finds out the output's shape by a trial.
  void build_all(const std::vector<Shape>& inputs) override;
  bool makes_mask() const override;
  void set_context(const Random& random, DType dtype) override;

  std::uint64_t seed() const { return seed_; }
  bool seed_given() const { return seed_given_; }
  Random random() const { return Random(seed_); }

  // StateError naming the call.
  void require_layers(const CallSite& call) const;
  void require_built(const CallSite& call) const;
  void require_compiled(const CallSite& call) const;
  void require_one_output(const CallSite& call) const;

  // The optimizer, ready for the weights that are trainable now; it starts afresh when those have changed.
  Optimizer& ready_optimizer();
  // Finds the weights whose regularizers add to the loss.
  void find_regularized();
  // What follows the optimizer's step: constraints, the values that layers left, and no gradients in weights
  // that the optimizer does not know.
  void finish_step() const;

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
    std::vector<Weight> constrained = {};
    std::vector<Weight> regularized = {};
    StepRecord record = {};
    std::int64_t epochs_done = 0;  // each epoch draws its own order, also over several calls of fit
    bool compiled = false;
    bool stop = false;
    bool interrupted = false;                    // set by StopOnInterrupt: also breaks off the epoch
    std::optional<std::int64_t> resume_at = {};  // set by BackupAndRestore: the epoch fit begins with
  };
  Training& training() { return training_; }
  const Training& training() const { return training_; }

 protected:
  // The shapes of the outputs for one sample of zeros.
  std::vector<Shape> try_out(const std::vector<Shape>& inputs);
  // The layers' seeds and dtype, by their places.
  void give_context();
  void set_shapes(std::vector<Shape> inputs, std::vector<Shape> outputs);
  const std::vector<Shape>& built_output_shapes() const { return output_shapes_; }

 private:
  std::uint64_t seed_;
  bool seed_given_;
  std::vector<Shape> input_shapes_;
  std::vector<Shape> output_shapes_;
  bool layer_makes_mask_ = false;
  Training training_;
};

template <std::derived_from<Model::Kind> K>
Model::Model(K kind) : Layer(std::move(kind)) {}

}  // namespace gradus
