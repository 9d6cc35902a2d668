#pragma once

#include <gradus/graph/tensor.h>

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// What goes into a model or is compared with what comes out: one Tensor, or one for each input or output, in
// order or by name:
//   model.fit(x, y);
//   model.fit({words, pictures}, y);
//   model.fit({{"words", words}, {"pictures", pictures}}, y);
class Tensors {
 public:
  class Item {
   public:
    template <std::same_as<Tensor> T>
    Item(const T& value) : value_(value) {}  // NOLINT: implicit on purpose; never from braces
    template <std::same_as<Tensor> T>
    Item(std::string_view name, const T& value) : name_(name), value_(value) {}

   private:
    friend class Tensors;
    std::string name_ = {};
    Tensor value_;
  };

  Tensors() = default;  // none
  // An undefined Tensor is none.
  template <std::same_as<Tensor> T>
  Tensors(const T& value) {  // NOLINT: implicit on purpose
    if (value.defined()) values_.push_back(value);
  }
  Tensors(std::initializer_list<TensorLiteral> values)
      : Tensors(Tensor(values)) {}  // NOLINT: {{1, 2}, {3, 4}}
  // ValueError where some have names and some have not, or two the same.
  Tensors(std::initializer_list<Item> items);                          // NOLINT
  Tensors(std::vector<Tensor> values) : values_(std::move(values)) {}  // NOLINT

  // Whether there is one at all.
  bool defined() const { return !values_.empty(); }
  std::size_t size() const { return values_.size(); }
  const Tensor& operator[](std::size_t place) const { return values_[place]; }  // REQUIRES place < size()
  Tensor& operator[](std::size_t place) { return values_[place]; }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }
  auto begin() { return values_.begin(); }
  auto end() { return values_.end(); }
  // The only one. ValueError when there are several, or none.
  const Tensor& only() const;

  bool named() const { return !names_.empty(); }
  const std::vector<std::string>& names() const { return names_; }  // empty unless named()

 private:
  std::vector<Tensor> values_;
  std::vector<std::string> names_;
};

}  // namespace gradus
