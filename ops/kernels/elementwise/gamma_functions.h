#pragma once

// The logarithm of the gamma function and its derivatives, of one number.

namespace gradus::kernels {

// log |gamma(x)|; inf at the poles 0, -1, -2, … Safe on several threads at once, as std::lgamma is not.
float log_gamma(float x);
double log_gamma(double x);

// The derivative of digamma = (log gamma)' of this order, digamma itself for order 0: right to some units in
// the last place for x > 0, and relative to the larger of its two terms below. At 0 it is infinite; at the
// poles -1, -2, … where its sides differ (even orders) NaN, else inf.
double polygamma(int order, double x);

}  // namespace gradus::kernels
