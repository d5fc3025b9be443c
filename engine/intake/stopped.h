// What the files of a batch bring that may not be collected, and what their owners are told.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/encoded/format.h"
#include "engine/registry/collection.h"

namespace tessera::intake {

// What an owner is told about one record, or, without one, about all records of its file: where
// the presence of a field is hidden, nobody but the owner knows which of them have it.
struct Notice {
  std::string owner;
  std::optional<encoded::RecordKey> record;
  std::string text;
};

// A file of the batch, encoded or of slips. Views.
struct SentFile {
  std::string_view owner;
  std::string_view path;
  std::span<const encoded::JoinRecord> records;
};
// Of a file and a field whose presence is shown: 1 for each of its records that has it.
using WhoHas =
    std::function<Result<std::vector<std::uint8_t>>(std::size_t file, std::size_t field)>;

struct Enforced {
  std::vector<std::vector<std::size_t>> stopped;  // per file: the fields to be taken out
  std::vector<Notice> notices;                    // of records that carry what may not be collected
  std::string refused;                            // the first file that is refused, or ""
  std::string because;                            // of its being refused: the field's name
  bool shown = false;  // a refused file still shows the field, which is in a block key
  std::map<std::string, std::uint64_t> records;  // of each field, from how many it was stopped
};
// By the rules of `day` (YYYY-MM-DD), for every field alike; what can be stopped how is
// schema::stoppable's. The same notices whether a field is taken out or refused. Error (conflict)
// where another field than the SSN is stopped and nobody can say who has it: slips.
Result<Enforced> find_stopped(std::span<const registry::CollectionRule> rules,
                              const schema::Schema& schema, std::span<const SentFile> files,
                              std::string_view day, const WhoHas& who_has = {});

// Of a batch of several epochs, what the newest one's files say: every record stands in those. A
// refusal of an older one's counts too.
Enforced join(std::vector<Enforced> by_epoch);

}  // namespace tessera::intake
