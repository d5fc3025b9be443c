// Made-up encoded files with fixed inputs: no name, no key, only bits of the right weight.
#pragma once

#include <cstdint>
#include <string_view>

#include "tests/reference/encoded_plain.h"

namespace tessera::samples {

// Two passes, SSN, three fields; and one with every kind of field, no SSN.
extern const std::string_view kSmallSchema;
extern const std::string_view kWideSchema;

// `records` records under the schema, each with between least and most entries per pass; some
// share tags. The same arguments give the same content, everywhere and for ever.
reference::Content make(std::string_view schema, std::size_t records, std::uint64_t seed);
// The same without SSN tokens, as after a purge.
reference::Content purged(reference::Content content);

}  // namespace tessera::samples
