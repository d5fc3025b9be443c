// Text as the field's Python tools see it: code points, white space, digits, case, encodings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tessera::clk {

enum class Encoding : std::uint8_t { ascii, utf8, utf16, utf32 };

std::size_t code_points(std::string_view utf8);  // REQUIRES: valid UTF-8, as all below

// Python's str.isspace() and decimal digits (Unicode Nd): 0 to 9, or -1.
bool is_space(char32_t c);
int digit_value(char32_t c);
// The code point at `at`, which moves past it.
char32_t next_code_point(std::string_view utf8, std::size_t& at);

// What int() and float() read: white space at the ends removed, inner white space a blank, decimal
// digits of any script as ASCII, everything else that is not ASCII as '?'.
std::string numeric_ascii(std::string_view utf8);

bool is_upper(std::string_view utf8);  // s.upper() == s
bool is_lower(std::string_view utf8);  // s.lower() == s

// str.encode(): UTF-16 and UTF-32 start with a byte order mark and are little-endian, each time.
// nullopt: not encodable (ASCII only).
std::optional<std::string> encoded(std::string_view utf8, Encoding encoding);

}  // namespace tessera::clk
