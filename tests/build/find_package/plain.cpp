#include <gradus/gradus.h>

int main() {
  const gradus::Shape shape{2, 3};
  return shape.elements() == 6 ? 0 : 1;
}
