// The last line of a secret file: 32 bits of SHA-256 over the lines above it.
#include "engine/seal/lines.h"

#include "engine/core/digest.h"

namespace tessera::seal {
namespace {

constexpr std::string_view kName = "whole";

std::string check_of(std::string_view lines) {
  Sha256Stream hash;
  hash.update_sized(as_bytes("tessera key file 1"));
  hash.update_sized(as_bytes(lines));
  const Sha256 digest = hash.finish();
  return to_hex(ByteView(digest).first(4));
}

}  // namespace

bool Lines::at_checked_end() {
  if (at_end()) return true;
  const std::string_view taken = text_.substr(0, text_.size() - rest_.size());
  const auto check = take(kName);
  return check && at_end() && *check == check_of(taken);
}

void add_secret(SecretText& out, std::string_view name, const Secret<32>& secret) {
  std::string text = to_base64(secret.reveal());
  for (const std::string_view part :
       {name, std::string_view(": "), std::string_view(text), std::string_view("\n")})
    out.append(part);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

void add_check(SecretText& out) {
  const std::string check = check_of(out.reveal());
  for (const std::string_view part :
       {kName, std::string_view(": "), std::string_view(check), std::string_view("\n")})
    out.append(part);
}

}  // namespace tessera::seal
