#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/models/losses/overlap.h>

namespace gradus {

namespace {

double not_negative(const char* option, double value) {
  if (value >= 0) return value;
  throw ValueError("tversky: " + std::string(option) + " must not be negative, got " + scalar_text(value));
}

}  // namespace

Dice::Dice(DiceLossOptions options)
    : Loss(Reducing(with(dice, DiceOptions{.axis = options.axis})), options.reduction,
           name_or(options.name, "dice")) {}

Tversky::Tversky(TverskyLossOptions options)
    : Loss(Reducing(with(tversky,
                         // Keras's alpha is the op's beta.
                         TverskyOptions{.alpha = not_negative("beta", options.beta),
                                        .beta = not_negative("alpha", options.alpha),
                                        .axis = options.axis})),
           options.reduction, name_or(options.name, "tversky")) {}

}  // namespace gradus
