// Passwords: argon2id by libsodium, and the few rules that help.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace tessera::access {

// How much work a guess costs. `interactive`: 64 MiB and some 50 ms (libsodium's figures for
// sign-in); `least`: tests.
enum class Work : std::uint8_t { least, interactive };

// Argon2id (RFC 9106) with a random salt, in the usual "$argon2id$..." form. Error `limit` if there
// is no memory for it.
Result<std::string> hash_password(std::string_view password, Work work);
// Constant time in the password. A hash that cannot be read is wrong.
bool password_fits(const std::string& hash, std::string_view password);

// Why a password is refused, or "": too short, the account's own name in it, one character only.
std::string_view fault_of_password(std::string_view password, std::string_view account, int least);

}  // namespace tessera::access
