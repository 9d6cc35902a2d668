#pragma once

#include <gradus/models/layers/layer_fields.h>

#include <algorithm>
#include <array>

#include <tuple>

namespace gradus {

// Note [Options of recurrent layers]
// The three cells and the three layers that run them have options of much the same names, in structs of
// their own, as users write them. What is said here about a name holds for all structs that have it.

// The options of Options as described members: those of a cell, and of a layer that runs one.
template <class O>
constexpr auto recurrent_fields() {
  // Braces around what only some have.
  const auto gates = [] {
    if constexpr (requires { &O::recurrent_activation; }) {
      return std::tuple(field("recurrent_activation", &O::recurrent_activation));
    } else {
      return std::tuple();
    }
  };
  const auto forget = [] {
    if constexpr (requires { &O::unit_forget_bias; }) {
      return std::tuple(field("unit_forget_bias", &O::unit_forget_bias));
    } else {
      return std::tuple();
    }
  };
  const auto reset = [] {
    if constexpr (requires { &O::reset_after; }) {
      return std::tuple(field("reset_after", &O::reset_after));
    } else {
      return std::tuple();
    }
  };
  const auto over_time = [] {
    if constexpr (requires { &O::return_sequences; }) {
      return std::tuple(field("activity_regularizer", &O::activity_regularizer),
                        field("return_sequences", &O::return_sequences),
                        field("return_state", &O::return_state), field("go_backwards", &O::go_backwards),
                        field("stateful", &O::stateful),
                        field("zero_output_for_mask", &O::zero_output_for_mask));
    } else {
      return std::tuple();
    }
  };
  return std::tuple_cat(
      std::tuple(field("activation", &O::activation)), gates(),
      std::tuple(field("use_bias", &O::use_bias), field("kernel_initializer", &O::kernel_initializer),
                 field("recurrent_initializer", &O::recurrent_initializer),
                 field("bias_initializer", &O::bias_initializer)),
      forget(),
      std::tuple(field("kernel_regularizer", &O::kernel_regularizer),
                 field("recurrent_regularizer", &O::recurrent_regularizer),
                 field("bias_regularizer", &O::bias_regularizer),
                 field("kernel_constraint", &O::kernel_constraint),
                 field("recurrent_constraint", &O::recurrent_constraint),
                 field("bias_constraint", &O::bias_constraint), field("dropout", &O::dropout),
                 field("recurrent_dropout", &O::recurrent_dropout)),
      reset(), over_time(), std::tuple(field("seed", &O::seed)));
}

// What a cell has of the options of a layer that runs it, or of its own.
template <class To, class From>
To cell_options(const From& from) {
  To to;
  to.activation = from.activation;
  to.use_bias = from.use_bias;
  to.kernel_initializer = from.kernel_initializer;
  to.recurrent_initializer = from.recurrent_initializer;
  to.bias_initializer = from.bias_initializer;
  to.kernel_regularizer = from.kernel_regularizer;
  to.recurrent_regularizer = from.recurrent_regularizer;
  to.bias_regularizer = from.bias_regularizer;
  to.kernel_constraint = from.kernel_constraint;
  to.recurrent_constraint = from.recurrent_constraint;
  to.bias_constraint = from.bias_constraint;
  to.dropout = from.dropout;
  to.recurrent_dropout = from.recurrent_dropout;
  if constexpr (requires { from.recurrent_activation; }) to.recurrent_activation = from.recurrent_activation;
  if constexpr (requires { from.unit_forget_bias; }) to.unit_forget_bias = from.unit_forget_bias;
  if constexpr (requires { from.reset_after; }) to.reset_after = from.reset_after;
  return to;
}

// `config` without what Keras says in it on how a recurrent layer runs, which means nothing here.
inline Config without_ways_to_run(const Config& config) {
  constexpr std::array<std::string_view, 3> kWays = {"unroll", "implementation", "use_cudnn"};
  Config rest;
  for (const auto& [name, value] : config.values()) {
    if (std::find(kWays.begin(), kWays.end(), name) == kWays.end()) rest.set(name, value);
  }
  return rest;
}

// A layer of units from what describes it.
template <class L, class Options>
L layer_of_units(const Config& config, std::string_view owner) {
  return layer_from<L, Options, std::int64_t>(without_ways_to_run(config), owner, "units");
}

}  // namespace gradus
