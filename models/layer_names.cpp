#include <gradus/models/layer_names.h>

#include <cxxabi.h>

#include <cctype>
#include <cstdlib>
#include <memory>

namespace gradus {

std::string class_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  std::string name = status == 0 ? text.get() : type.name();
  // Only the last part, without what a template or a function around it adds: "f()::Scale<int>" is "Scale".
  name = name.substr(0, name.find('<'));
  const std::size_t colon = name.rfind(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

std::string snake_case(std::string_view class_name) {
  const auto is = [&](int (*test)(int), std::size_t i) {
    return i < class_name.size() && test(static_cast<unsigned char>(class_name[i])) != 0;
  };
  std::string result;
  for (std::size_t i = 0; i < class_name.size(); ++i) {
    const bool starts_word =
        is(std::isupper, i) && i != 0 &&
        (is(std::islower, i - 1) || (is(std::islower, i + 1) && is(std::isalpha, i - 1)));
    if (starts_word) result += '_';
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(class_name[i])));
  }
  return result;
}

}  // namespace gradus
