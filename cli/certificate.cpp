#include "cli/certificate.h"

#include <algorithm>
#include <memory>

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

void add_certificate_check(CLI::App& group, Action& chosen, const char* help, const char* example) {
  struct Options {
    std::string certificate, key;
  };
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand("check", help);
  verb->add_option("CERTIFICATE", o->certificate, "certificate")->required();
  verb->add_option("--key", o->key, "public key of the registry ('tessera audit key')")->required();
  verb->footer(std::string("Example:\n  tessera ") + example);
  verb->callback([&chosen, o] {
    chosen = [o]() -> Result<int> {
      TESSERA_TRY(const PublicKey key, read_public_key(o->key));
      TESSERA_CHECK(check_certificate(o->certificate, key));
      fmt::print("{}: signed by the registry, unchanged\n", o->certificate);
      return kDone;
    };
  });
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
