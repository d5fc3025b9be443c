// Bytes in hexadecimal as a member of a JSON object.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/bytes.h"
#include "engine/core/json.h"

namespace tessera {

// False unless `object` has the member and it is text of just as many bytes as `out` takes.
inline bool hex_member(const json::Value& object, std::string_view name,
                       std::span<std::uint8_t> out) {
  const json::Value* member = object.find(name);
  const std::string* text = member == nullptr ? nullptr : member->as_string();
  const auto bytes = text == nullptr ? std::nullopt : from_hex(*text);
  return bytes && copy_whole(*bytes, out);
}

}  // namespace tessera
