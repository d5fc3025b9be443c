#include "cli/certificate.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/file.h"

namespace tessera::cli {
namespace {

constexpr std::string_view kLabel = "tessera certificate v1";

Bytes signed_bytes(const json::Value& certificate) {
  Bytes out(as_bytes(kLabel).begin(), as_bytes(kLabel).end());
  const std::string text = json::to_canonical(certificate);
  out.insert(out.end(), text.begin(), text.end());
  return out;
}

}  // namespace

Result<void> write_certificate(const std::string& path, json::Value certificate,
                               const SigningKey& key, bool force) {
  certificate.set("signature", to_hex(key.sign(signed_bytes(certificate))));
  return write_file(path, json::to_text(certificate), {.force = force});
}

Result<void> check_certificate(const std::string& path, const PublicKey& key) {
  TESSERA_TRY(const std::string text, read_file(path, std::size_t{1} << 20));
  TESSERA_TRY(const json::Value value, json::parse(text, path));
  json::Object rest;
  Signature signature{};
  bool found = false;
  if (value.as_object() != nullptr)
    for (const auto& [name, member] : *value.as_object()) {
      const auto bytes = name == "signature" && member.as_string() != nullptr
                             ? from_hex(*member.as_string())
                             : std::nullopt;
      if (bytes && bytes->size() == signature.size()) {
        std::copy(bytes->begin(), bytes->end(), signature.begin());
        found = true;
      } else {
        rest.emplace_back(name, member);
      }
    }
  if (found && verifies(key, signed_bytes(json::Value(std::move(rest))), signature)) return {};
  return Error{ErrorCode::format, "this certificate is not as the registry's key signed it", path};
}

json::Value to_json(const ledger::SignedHead& head) {
  return json::Object{{"seq", head.head.seq},
                      {"hash", to_hex(head.head.hash)},
                      {"signature", to_hex(head.signature)}};
}

std::string head_text(const ledger::Head& head) {
  return fmt::format("{} {}", head.seq, to_hex(head.hash));
}

}  // namespace tessera::cli
