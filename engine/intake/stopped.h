// Which files of a batch bring SSNs that may not be collected, and what their owners are told.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/encoded/format.h"
#include "engine/registry/collection.h"

namespace tessera::intake {

// What an owner is told about one record.
struct Notice {
  std::string owner;
  encoded::RecordKey record{};
  std::string_view text;
};

// A file of the batch, encoded or of slips. Views.
struct SentFile {
  std::string_view owner;
  std::string_view path;
  std::span<const encoded::JoinRecord> records;
};

struct Enforced {
  std::vector<std::uint8_t> stopped;  // per file: 1 if its SSNs are to be taken out
  std::vector<Notice> notices;        // of records that carried an SSN that may not be collected
  std::string refused;                // the first file that is refused, or ""
};
// By the rules of `day` (YYYY-MM-DD). The same notices whether SSNs are taken out or refused.
Enforced find_stopped(std::span<const registry::CollectionRule> rules, const schema::Schema& schema,
                      std::span<const SentFile> files, std::string_view day);

}  // namespace tessera::intake
