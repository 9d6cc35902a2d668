#pragma once

#include <gradus/models/callbacks/callback.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gradus {

// Follows one entry of the logs and tells whether it got better: what EarlyStopping, ModelCheckpoint and
// ReduceLROnPlateau have in common. A value that is not finite is never better.
class Monitor {
 public:
  // `mode` is "min", "max" or "auto", which goes by the name; of min_delta the magnitude counts. Errors start
  // with `callback`. ValueError for another mode or a NaN.
  Monitor(std::string_view callback, std::string name, std::string_view mode, double min_delta = 0,
          std::optional<double> best = {});

  // Before training. ValueError when the logs will have no such entry, or when "auto" cannot tell.
  void begin(const CallbackParams& params);
  // The entry at an epoch's end; nothing in an epoch without validation where validation_freq wants it so.
  // ValueError with the names there are when it is missing.
  std::optional<double> value(const Logs& logs, std::int64_t epoch) const;

  // By more than min_delta.
  bool better(double value, double reference) const;
  // Whether it is better than the best so far, which it then becomes; the first finite one is.
  bool take(double value);

  const std::string& name() const { return name_; }
  const std::optional<double>& best() const { return best_; }
  void forget_best() { best_.reset(); }

 private:
  enum class Direction : std::uint8_t { by_name, down, up };
  static Direction direction_of(std::string_view mode);
  [[noreturn]] void refuse_name(const std::vector<std::string>& known) const;

  std::string callback_;
  std::string name_;
  Direction direction_;
  double min_delta_;
  std::optional<double> best_;
  std::int64_t validation_freq_ = 0;
};

}  // namespace gradus
