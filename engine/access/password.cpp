#include "engine/access/password.h"

#include <algorithm>
#include <array>

#include <sodium.h>

namespace tessera::access {

Result<std::string> hash_password(std::string_view password, Work work) {
  const bool least = work == Work::least;
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (sodium_init() < 0 ||
      crypto_pwhash_str_alg(out.data(), password.data(), password.size(),
                            least ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            least ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_INTERACTIVE,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    return Error{ErrorCode::limit, "no memory to hash a password with", ""};
  return std::string(out.data());
}

bool password_fits(const std::string& hash, std::string_view password) {
  return hash.size() < crypto_pwhash_STRBYTES &&
         crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string_view fault_of_password(std::string_view password, std::string_view account, int least) {
  if (password.size() < static_cast<std::size_t>(least)) return "is too short";
  if (password.size() > 1024) return "has more than 1024 characters";
  if (std::ranges::all_of(password, [&](char c) { return c == password.front(); }))
    return "repeats one character";
  if (password.find(account) != std::string_view::npos) return "contains the account's name";
  return "";
}

}  // namespace tessera::access
