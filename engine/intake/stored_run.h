// All entries that a registry has stored, as a run of the line: every record against every other.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/core/result.h"
#include "engine/link/pipeline.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// Of the current epoch. Records are numbered as the registry numbers them. Reads one pass at a time
// into memory. Keeps the registry, which must outlive it; not thread safe.
class StoredRun {
 public:
  static Result<StoredRun> open(registry::Registry& registry);
  StoredRun(StoredRun&&) noexcept;
  ~StoredRun();

  const link::Run& run() const;  // while this lives
  // Who the registry says the record is; 0: waits for a person's word, or no such record.
  registry::PersonId person(std::uint32_t record) const;

 private:
  struct State;
  StoredRun();
  std::unique_ptr<State> state_;
};

}  // namespace tessera::intake
