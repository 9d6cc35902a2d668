#include <gradus/models/data/checks.h>
#include <gradus/models/data/low_rank.h>
#include <gradus/models/data/matrix_product.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace gradus::data {

namespace {

// A matrix [rows, columns], row by row.
struct Matrix {
  std::int64_t rows = 0, columns = 0;
  std::vector<double> values = {};
  double& operator()(std::int64_t i, std::int64_t j) {
    return values[static_cast<std::size_t>(i * columns + j)];
  }
};

// H = I - tau v v^T, where v is 1 in row `first` and what stands below the diagonal of column `first` of
// `reflections`: applies it to the columns of `a` from `from` on.
void reflect(Matrix& reflections, std::int64_t first, double tau, Matrix& a, std::int64_t from) {
  for (std::int64_t j = from; j < a.columns; ++j) {
    double dot = a(first, j);
    for (std::int64_t i = first + 1; i < a.rows; ++i) dot += reflections(i, first) * a(i, j);
    a(first, j) -= tau * dot;
    for (std::int64_t i = first + 1; i < a.rows; ++i) a(i, j) -= tau * dot * reflections(i, first);
  }
}

// The orthonormal columns Q of A = QR by Householder's reflections, with LAPACK's signs. REQUIRES no fewer
// rows than columns.
Matrix orthonormal(Matrix a) {
  std::vector<double> taus(static_cast<std::size_t>(a.columns));
  for (std::int64_t k = 0; k < a.columns; ++k) {
    double below = 0;
    for (std::int64_t i = k + 1; i < a.rows; ++i) below = std::hypot(below, a(i, k));
    if (below == 0) continue;  // nothing to reflect away
    const double alpha = a(k, k), beta = -std::copysign(std::hypot(alpha, below), alpha);
    double& tau = taus[static_cast<std::size_t>(k)];
    tau = (beta - alpha) / beta;
    for (std::int64_t i = k + 1; i < a.rows; ++i) a(i, k) /= alpha - beta;
    reflect(a, k, tau, a, k + 1);
  }
  Matrix q = {a.rows, a.columns, std::vector<double>(a.values.size())};
  for (std::int64_t k = a.columns; k-- > 0;) {
    q(k, k) = 1;
    reflect(a, k, taus[static_cast<std::size_t>(k)], q, k);
  }
  return q;
}

Matrix orthonormal(numpy::RandomState& random, std::int64_t rows, std::int64_t columns) {
  return orthonormal({rows, columns, random.normal(0, 1, {rows, columns}).to_vector<double>()});
}

Tensor tensor(const Matrix& matrix) { return Tensor(matrix.values, {matrix.rows, matrix.columns}); }

}  // namespace

Tensor low_rank(const LowRankMatrixOptions& options, numpy::RandomState& random) {
  const std::int64_t n = std::min(options.n_samples, options.n_features);
  Matrix u = orthonormal(random, options.n_samples, n);
  Matrix v = orthonormal(random, options.n_features, n);
  const auto rank = static_cast<double>(options.effective_rank);
  for (std::int64_t i = 0; i < n; ++i) {
    const auto place = static_cast<double>(i);
    const double relative = place / rank;
    const double singular_value = (1 - options.tail_strength) * std::exp(-(relative * relative)) +
                                  options.tail_strength * std::exp(-0.1 * place / rank);
    for (std::int64_t row = 0; row < u.rows; ++row) u(row, i) *= singular_value;
  }
  Matrix transposed = {n, v.rows, std::vector<double>(v.values.size())};
  for (std::int64_t i = 0; i < v.rows; ++i) {
    for (std::int64_t j = 0; j < n; ++j) transposed(j, i) = v(i, j);
  }
  return matrix_product(tensor(u), tensor(transposed));
}

Tensor make_low_rank_matrix(const LowRankMatrixOptions& options) {
  const char* call = "make_low_rank_matrix";
  require_positive(call, "n_samples", options.n_samples);
  require_positive(call, "n_features", options.n_features);
  require_positive(call, "effective_rank", options.effective_rank);
  require_share(call, "tail_strength", options.tail_strength);
  numpy::RandomState random(options.random_state);
  return low_rank(options, random);
}

}  // namespace gradus::data
