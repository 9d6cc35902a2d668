#include <gradus/graph/error.h>
#include <gradus/models/layers/tensor_field.h>

namespace gradus {

namespace {

ConfigValue nested(const Shape& shape, std::size_t axis, const double*& next) {
  if (axis == shape.dims().size()) return *next++;
  ConfigValue::List list;
  for (std::int64_t i = 0; i < shape[axis]; ++i) list.push_back(nested(shape, axis + 1, next));
  return list;
}

void read_nested(const ConfigValue& value, const std::vector<std::int64_t>& dims, std::size_t axis,
                 std::vector<double>& values) {
  if (axis == dims.size()) {
    values.push_back(value.number());
    return;
  }
  if (static_cast<std::int64_t>(value.list().size()) != dims[axis]) {
    throw ValueError("config: lists in a list have different lengths");
  }
  for (const ConfigValue& each : value.list()) read_nested(each, dims, axis + 1, values);
}

}  // namespace

ConfigValue to_config_value(const Tensor& tensor) {
  if (!tensor.defined()) return {};
  const std::vector<double> values = tensor.to_vector<double>();
  const double* next = values.data();
  return nested(tensor.shape(), 0, next);
}

void read_config_value(const ConfigValue& value, Tensor& tensor) {
  if (value.is_null()) {
    tensor = {};
    return;
  }
  std::vector<std::int64_t> dims;
  for (const ConfigValue* inner = &value; inner->is_list(); inner = &inner->list().front()) {
    dims.push_back(static_cast<std::int64_t>(inner->list().size()));
    if (inner->list().empty()) break;
  }
  std::vector<double> values;
  read_nested(value, dims, 0, values);
  tensor = Tensor(values, Shape(dims));
}

}  // namespace gradus
