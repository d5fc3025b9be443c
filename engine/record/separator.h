// What stands between the cells of a CSV file: the names of the usual characters, and a guess.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::record {

inline constexpr char kComma = ',';

// "comma", "semicolon", "tab" or "bar"; nullopt for another word.
std::optional<char> separator_named(std::string_view name);

// The name of the one that a header read with `separator` seems to have been written with: it
// occurs in the header's cells more often than there are cells to part. Empty if none does.
std::string_view likely_separator(const std::vector<std::string>& header, char separator);

}  // namespace tessera::record
