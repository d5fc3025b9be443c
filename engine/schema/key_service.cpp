// Public keys in the schema's JSON, and in the document that brings them there.
#include "engine/schema/key_service.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/bytes.h"
#include "engine/schema/schema.h"

namespace tessera::schema {
namespace {

constexpr std::size_t kMostServices = 4;

bool is_service_name(std::string_view s) {
  return !s.empty() && s.size() <= 64 && std::ranges::all_of(s, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

Result<KeyService> read_service(const json::Value& v, const std::string& where) {
  const json::Value* name = v.find("name");
  const json::Value* keys = v.find("keys");
  KeyService out;
  if (name == nullptr || name->as_string() == nullptr || !is_service_name(*name->as_string()))
    return Error{ErrorCode::format,
                 "\"name\": expected 1 to 64 letters, digits, dots, hyphens or underscores", where};
  out.name = *name->as_string();
  if (keys == nullptr || keys->as_object() == nullptr)
    return Error{ErrorCode::format, "\"keys\": expected an object of key names and public keys",
                 where};
  for (const json::Member& m : *keys->as_object()) {
    const std::string* hex = m.second.as_string();
    const auto bytes = hex != nullptr ? from_hex(*hex) : std::nullopt;
    if (!bytes || bytes->size() != std::tuple_size_v<ServiceKey>)
      return Error{ErrorCode::format,
                   fmt::format("\"keys\": '{}' expects 64 hexadecimal digits", m.first), where};
    ServiceKey key;
    std::ranges::copy(*bytes, key.begin());
    out.keys.emplace_back(m.first, key);
  }
  return out;
}

json::Value service_json(const KeyService& service) {
  json::Object keys;
  for (const auto& [name, key] : service.keys) keys.emplace_back(name, to_hex(key));
  return json::Object{{"name", service.name}, {"keys", std::move(keys)}};
}

}  // namespace

const ServiceKey* KeyService::key(std::string_view key_name) const {
  for (const auto& pinned : keys)
    if (pinned.first == key_name) return &pinned.second;
  return nullptr;
}

bool on_ssn_alone(const Schema& schema, const Pass& pass) {
  return pass.key.size() == 1 && pass.key[0].part == Part::exact &&
         schema.fields[pass.key[0].fields[0]].kind == Kind::ssn;
}

std::vector<std::string> key_names(const Schema& schema) {
  std::vector<std::string> out;
  for (const Pass& p : schema.passes)
    if (!on_ssn_alone(schema, p)) out.push_back(p.name);
  if (schema.ssn) out.emplace_back(kSsnKey);
  return out;
}

Result<std::vector<KeyService>> key_services_from_json(const json::Value& value,
                                                       const std::string& where) {
  const json::Array* list = value.as_array();
  if (list == nullptr || list->empty() || list->size() > kMostServices)
    return Error{ErrorCode::format,
                 fmt::format("expected a list of 1 to {} services", kMostServices), where};
  std::vector<KeyService> out;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string here = fmt::format("{}[{}]", where, i);
    TESSERA_TRY(KeyService service, read_service((*list)[i], here));
    if ((*list)[i].as_object()->size() != 2)
      return Error{ErrorCode::format, "expected \"name\" and \"keys\", and nothing else", here};
    if (std::ranges::find(out, service.name, &KeyService::name) != out.end())
      return Error{ErrorCode::format, "\"name\": repeats an earlier service's name", here};
    out.push_back(std::move(service));
  }
  return out;
}

json::Value to_json(const std::vector<KeyService>& services) {
  json::Array out;
  for (const KeyService& s : services) out.push_back(service_json(s));
  return out;
}

Result<PublicKeys> public_keys_from_json(const json::Value& value, const std::string& where) {
  const json::Value* version = value.find("tessera_key_service");
  const json::Value* epoch = value.find("epoch");
  if (version == nullptr || version->as_int() == nullptr || *version->as_int() != 1)
    return Error{ErrorCode::format,
                 "these are not a key service's public keys; ask it for the output of 'tessera "
                 "keyserver public'",
                 where};
  if (epoch == nullptr || epoch->as_string() == nullptr)
    return Error{ErrorCode::format, "\"epoch\": expected a text", where};
  PublicKeys out;
  TESSERA_TRY(out.service, read_service(value, where));
  out.epoch = *epoch->as_string();
  return out;
}

json::Value to_json(const PublicKeys& keys) {
  json::Value out(json::Object{{"tessera_key_service", 1}});
  json::Value service = service_json(keys.service);
  out.set("name", keys.service.name);
  out.set("epoch", keys.epoch);
  out.set("keys", *service.find("keys"));
  return out;
}

Result<void> check_key_services(const Schema& schema, const std::string& where) {
  const std::vector<std::string> names = key_names(schema);
  if (!schema.key_services.empty() &&
      !std::ranges::all_of(schema.epoch, [](char c) { return c > ' ' && c < 127; }))
    return Error{ErrorCode::format, "\"epoch\": with key services, printable ASCII without blanks",
                 where};
  for (const KeyService& s : schema.key_services) {
    for (const std::string& n : names)
      if (s.key(n) == nullptr)
        return Error{ErrorCode::format,
                     fmt::format("\"key_services\": service {} names no key for '{}'", s.name, n),
                     where};
    if (s.keys.size() != names.size())
      return Error{
          ErrorCode::format,
          fmt::format("\"key_services\": service {} names keys that no pass uses; expected "
                      "just: {}",
                      s.name, fmt::join(names, ", ")),
          where};
  }
  if (schema.ssn && schema.key_services.size() == 1 && !schema.single_key_service)
    return Error{
        ErrorCode::format,
        "\"key_services\": a schema with SSNs names two services, since one alone could try "
        "all numbers; \"single_key_service\": true says that one is enough here",
        where};
  return {};
}

}  // namespace tessera::schema
