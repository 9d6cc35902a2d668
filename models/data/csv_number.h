#pragma once

#include <cstdint>
#include <string_view>

namespace gradus::data {

enum class CsvNumber : std::uint8_t { good, no_number, too_large, fraction };

// A cell as a number, blanks around it left out, whatever the process's locale is: digits with `decimal`
// before a fraction and an exponent, or inf; hexadecimal and grouped digits are none. A number too small for
// a double becomes 0.
CsvNumber parse_csv(std::string_view cell, char decimal, double& value);
// The same for a float, which is too_large for what rounds to infinity.
CsvNumber parse_csv(std::string_view cell, char decimal, float& value);
// Whole numbers; "3.0" is one, too. Those written with digits only keep all 64 bits.
CsvNumber parse_csv(std::string_view cell, char decimal, std::int64_t& value);
CsvNumber parse_csv(std::string_view cell, char decimal, std::int32_t& value);

std::string_view without_blanks(std::string_view cell);

}  // namespace gradus::data
