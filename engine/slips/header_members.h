// Members of a header's JSON, read with the rule named that they break.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/core/hex_member.h"
#include "engine/core/json.h"
#include "engine/core/result.h"

namespace tessera::slips {

inline Error bad_header(std::string_view rule) {
  return {ErrorCode::format, "header: " + std::string(rule), ""};
}

// Bytes in hexadecimal, as many as `out` takes.
inline Result<void> take_hex(const json::Value& value, std::string_view name,
                             std::span<std::uint8_t> out) {
  if (hex_member(value, name, out)) return {};
  return bad_header("'" + std::string(name) + "' is not its bytes in hexadecimal");
}

inline Result<std::uint64_t> take_count(const json::Value* member, std::string_view name) {
  const std::int64_t* number = member == nullptr ? nullptr : member->as_int();
  if (number == nullptr || *number < 0)
    return bad_header("'" + std::string(name) + "' is not a count");
  return static_cast<std::uint64_t>(*number);
}

}  // namespace tessera::slips
