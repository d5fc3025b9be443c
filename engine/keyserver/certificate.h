// A certificate that vouches for itself: for a key service whose owners are told, with its public
// keys, whom to trust.
#pragma once

#include <string>

#include "engine/core/result.h"

namespace tessera::keyserver {

struct Certificate {
  std::string certificate;  // PEM
  std::string key;          // PEM, secret
};

// P-256, for server use, of `host` (a DNS name or an IPv4 address), for `days` from now.
// Error `usage` if `host` is neither.
Result<Certificate> make_certificate(const std::string& host, int days);

}  // namespace tessera::keyserver
