#pragma once

#include <gradus/models/training_options.h>

#include <cstdint>
#include <span>
#include <string>

namespace gradus::data {

// What is done to all tensors of a Data alike; members without any stay so, and names stay.

// How many rows its members have. StateError without x, ShapeError, naming `call`, for scalars or when the
// numbers of rows differ.
std::int64_t row_count(const std::string& call, const Data& data);
// Row `row` without the first axis.
Data row_of(const Data& data, std::int64_t row);
// The named rows, in that order.
Data gather(const Data& data, std::span<const std::int64_t> rows);
// The elements along a new first axis. ShapeError, DTypeError or, for names that differ, ValueError, naming
// the element, when they do not fit together. REQUIRES at least one.
Data stack(std::span<const Data> elements);

}  // namespace gradus::data
