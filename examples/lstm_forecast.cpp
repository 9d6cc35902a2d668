// Forecasts an hourly series that has a daily and a weekly rhythm, and noise: an LSTM reads two days and
// tells the next hour. It is compared with two forecasts that need no learning: the same as now, and the same
// as a day ago.

#include <gradus/gradus.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <string>

using namespace gradus;

constexpr std::int64_t kHours = 3000, kTrain = 2400, kDay = 24, kWindow = 2 * kDay;
constexpr double kNoise = 0.2;

Tensor series(Random& random) {
  const Tensor t = Tensor::arange(kHours);
  const double day = 2 * std::numbers::pi / kDay;
  const Variable rhythm = sin(t * day) + 0.5 * sin(t * (2 * day)) + 0.5 * sin(t * (day / 7));
  return (rhythm + random.normal({kHours}, {.stddev = kNoise})).value().reshape({-1, 1});  // [hours, 1]
}

// Windows of two days, each with the hour that follows.
Dataset windows(const Tensor& hours, bool shuffle) {
  return timeseries_dataset_from_array(hours, hours.rows(kWindow, hours.dim(0)), kWindow,
                                       {.batch_size = 32, .shuffle = shuffle, .seed = 5});
}

// The mean absolute error of saying, of each hour, what was so many hours before it.
double error_of_repeating(const Tensor& hours, std::int64_t ago) {
  const std::int64_t n = hours.dim(0);
  return mean_absolute_error(hours.rows(kWindow, n), hours.rows(kWindow - ago, n - ago)).item();
}

int main() {
  Random random(5);
  const Tensor hours = series(random);
  const Tensor past = hours.rows(0, kTrain), future = hours.rows(kTrain, kHours);

  Sequential model({.seed = 6});
  model.add(LSTM(24, {.input_shape = {kWindow, 1}}));
  model.add(Dense(1));
  model.compile({.optimizer = Adam({.learning_rate = 0.005}), .loss = "mse", .metrics = {"mae"}});
  model.fit(windows(past, true), {.epochs = 20, .verbose = 2});

  const double error = model.evaluate(windows(future, false), {.verbose = 0})["mae"];
  const double now = error_of_repeating(future, 1), day_ago = error_of_repeating(future, kDay);
  const double noise = kNoise * std::sqrt(2 / std::numbers::pi);  // the mean of |noise|: nobody can do better
  std::printf("\nMean absolute error of the next hour, over %td hours it has not seen:\n",
              static_cast<std::ptrdiff_t>(kHours - kTrain - kWindow));
  std::printf("  the LSTM       %.3f\n  same as now    %.3f\n  as a day ago   %.3f\n  the noise      %.3f\n",
              error, now, day_ago, noise);

  const Tensor forecast = model.predict(windows(future, false), {.verbose = 0});
  std::printf("\nA day of it, o forecast and x what came:\n");
  for (std::int64_t hour = 0; hour < kDay; ++hour) {
    const auto column = [](double value) {
      return static_cast<std::size_t>(std::clamp((value + 2.5) * 12, 0.0, 59.0));
    };
    std::string line(60, ' ');
    line[column(forecast(hour, 0))] = 'o';
    line[column(future(kWindow + hour, 0))] = 'x';
    std::printf("  %2td |%s\n", static_cast<std::ptrdiff_t>(hour), line.c_str());
  }
  return error < std::min(now, day_ago) * 0.9 ? 0 : 1;
}
