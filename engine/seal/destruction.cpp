#include "engine/seal/destruction.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "engine/core/bytes.h"
#include "engine/core/day.h"
#include "engine/seal/key_text.h"
#include "engine/seal/lines.h"
#include "engine/seal/signature.h"

namespace tessera::seal {
namespace {

constexpr std::string_view kStart = "tessera-destruction 1";
constexpr std::string_view kContext = "tessera destruction 1";

bool is_check(std::string_view s) {
  return s.size() == 8 && std::ranges::all_of(s, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Bytes statement(const PublicKey& owner, std::string_view check, std::string_view day) {
  Bytes out;
  for (const ByteView part :
       {as_bytes(owner.name), ByteView(owner.bytes), as_bytes(check), as_bytes(day)}) {
    append_le<std::uint64_t>(out, part.size());
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

}  // namespace

std::string destruction_text(const KeyPair& pair, std::string_view check, std::string_view day) {
  const Signature signature = sign(pair, kContext, statement(pair.open, check, day));
  return fmt::format("{}\nname: {}\nkey: {}\ncheck: {}\nday: {}\nsignature: {}\n", kStart,
                     pair.open.name, to_base64(pair.open.bytes), check, day, to_base64(signature));
}

Result<Destruction> destruction_from_text(std::string_view text, const std::string& where) {
  Lines lines(text);
  Destruction out;
  Signature signature{};
  const bool start = lines.take_exact(kStart);
  const auto name = lines.take("name");
  const bool key = read_base64(lines.take("key"), out.owner.bytes);
  const auto check = lines.take("check");
  const auto day = lines.take("day");
  if (!start || !name || !is_name(*name) || !key || !check || !is_check(*check) || !day ||
      !is_day(*day) || !read_base64(lines.take("signature"), signature) || !lines.at_end())
    return Error{ErrorCode::crypto,
                 "not a tessera statement of destruction; 'tessera key destroy' writes one", where};
  out.owner.use = Use::owner;
  out.owner.name = *name;
  out.check = *check;
  out.day = *day;
  if (!verify(out.owner.bytes, kContext, statement(out.owner, out.check, out.day), signature))
    return Error{ErrorCode::crypto, "this statement is not signed by the key that it names", where};
  return out;
}

}  // namespace tessera::seal
