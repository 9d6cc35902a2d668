#include <gradus/gradus.h>
#include <Eigen/Core>
#include <Eigen/LU>

int main() {
  const Eigen::MatrixXf a = Eigen::MatrixXf::Random(64, 64) + 8 * Eigen::MatrixXf::Identity(64, 64);
  const Eigen::MatrixXf one = a * a.partialPivLu().inverse();
  const gradus::Shape shape{2, 3};
  return one.isIdentity(1e-2F) && shape.elements() == 6 ? 0 : 1;
}
