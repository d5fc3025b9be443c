// Which keys a schema needs from a key service, and whose they are: public keys, pinned by being
// part of the schema and so of its digest.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/result.h"

namespace tessera::schema {

struct Schema;
struct Pass;

using ServiceKey = std::array<std::uint8_t, 32>;  // a public key: a ristretto255 element

// One service and its public key for each of key_names(). Several services are asked one after the
// other, in the schema's order, and each sees only what the one before made.
struct KeyService {
  std::string name;  // [A-Za-z0-9._-]{1,64}
  std::vector<std::pair<std::string, ServiceKey>> keys;
  // nullptr if there is none of that name.
  const ServiceKey* key(std::string_view key_name) const;
};

// The key that SSNs are evaluated under. No pass can have this name.
inline constexpr std::string_view kSsnKey = "ssn-value";
// True for a pass whose block key is the SSN and nothing else: its seed comes from the SSN's value
// under kSsnKey, and it has no key of its own.
bool on_ssn_alone(const Schema& schema, const Pass& pass);
// Names of the keys that one epoch of the schema needs: a pass each, then kSsnKey if it has SSNs.
std::vector<std::string> key_names(const Schema& schema);

// Reads the schema's "key_services". Error `format` with its place.
Result<std::vector<KeyService>> key_services_from_json(const json::Value& value,
                                                       const std::string& where);
json::Value to_json(const std::vector<KeyService>& services);

// A service's public keys as `tessera keyserver public` gives them, for one epoch.
struct PublicKeys {
  KeyService service;
  std::string epoch;
};
Result<PublicKeys> public_keys_from_json(const json::Value& value, const std::string& where);
json::Value to_json(const PublicKeys& keys);

// Every service has just the keys that the schema needs; a schema with SSNs names two, unless it
// says "single_key_service".
Result<void> check_key_services(const Schema& schema, const std::string& where);

}  // namespace tessera::schema
