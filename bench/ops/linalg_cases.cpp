#include "cases.h"

namespace gradus::bench {

namespace {

using Shape = std::vector<std::int64_t>;

std::string name_of(const std::vector<Input>& inputs) {
  std::string name;
  for (const Input& input : inputs) {
    if (!name.empty()) name += ",";
    for (std::size_t axis = 0; axis < input.shape.size(); ++axis) {
      name += (axis == 0 ? "" : "x") + std::to_string(input.shape[axis]);
    }
  }
  return name;
}

Case of_shapes(const std::string& op, const std::vector<Shape>& shapes, const std::string& variant = "") {
  Case item{op, variant, "", {}};
  for (const Shape& shape : shapes) item.inputs.push_back({shape, Fill::uniform, -1, 1});
  item.size = name_of(item.inputs);
  return item;
}

// Square matrices that are far from singular.
Case of_matrices(const std::string& op, const Shape& shape) {
  Case item{op, "", "", {{shape, Fill::positive_definite}}};
  item.size = name_of(item.inputs);
  return item;
}

}  // namespace

std::vector<Case> linalg_cases() {
  std::vector<Case> cases = {
      of_shapes("matmul", {{64, 64}, {64, 64}}),
      of_shapes("matmul", {{512, 512}, {512, 512}}),
      of_shapes("matmul", {{32, 2}, {2, 4}}),
      of_shapes("matmul", {{16, 32, 48}, {16, 48, 32}}, "batched"),
      of_shapes("matmul", {{64, 128, 64}, {64, 64, 128}}, "batched"),
      of_shapes("dense", {{32, 784}, {784, 128}, {128}}),
      of_shapes("dense", {{128, 512}, {512, 512}, {512}}),
      of_shapes("dot", {{1024}, {1024}}),
      of_shapes("dot", {{1 << 20}, {1 << 20}}),
      of_shapes("outer", {{64}, {64}}),
      of_shapes("outer", {{1024}, {1024}}),
      of_shapes("einsum", {{8, 16, 32}, {8, 32, 16}}),
      of_shapes("einsum", {{32, 128, 64}, {32, 64, 128}}),
      of_shapes("tensordot", {{16, 8, 8}, {8, 8, 16}}),
      of_shapes("tensordot", {{128, 32, 32}, {32, 32, 128}}),
      of_shapes("kron", {{4, 4}, {8, 8}}),
      of_shapes("kron", {{16, 16}, {32, 32}}),
      of_shapes("cross", {{64, 3}, {64, 3}}),
      of_shapes("cross", {{65536, 3}, {65536, 3}}),
      of_shapes("diag", {{64}}),
      of_shapes("diag", {{1024}}),
      of_shapes("qr", {{32, 16}}),
      of_shapes("qr", {{256, 128}}),
      of_shapes("svd", {{16, 16}}),
      of_shapes("svd", {{128, 128}}),
  };
  for (const std::int64_t n : {64, 1024}) {
    for (const char* op : {"trace", "diagonal", "tril", "triu"}) cases.push_back(of_shapes(op, {{n, n}}));
  }
  for (const std::int64_t n : {16, 256}) {
    for (const char* op : {"inverse", "cholesky", "logdet", "det"}) cases.push_back(of_matrices(op, {n, n}));
    Case solve = of_matrices("solve", {n, n});
    solve.inputs.push_back({{n, 8}, Fill::uniform, -1, 1});
    solve.size = name_of(solve.inputs);
    cases.push_back(solve);
  }
  for (const std::int64_t n : {16, 128}) cases.push_back(of_matrices("eigh", {n, n}));
  return cases;
}

}  // namespace gradus::bench
