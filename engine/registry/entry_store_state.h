// What an open entry store holds; only the sources of the EntryStore include this.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "engine/registry/entry_store.h"
#include "engine/registry/entry_tables.h"

namespace tessera::registry {

struct EntryStore::State {
  State(ledger::Database database, Access how) : db(std::move(database)), access(how) {}
  ledger::Database db;
  Access access;
  std::optional<ledger::Transaction> snapshot;
  std::optional<SlabReader> reader;
  std::vector<std::uint32_t> strides;
  std::vector<std::vector<Generation>> generations;  // of each pass, live ones
  std::vector<std::pair<std::size_t, Generation>> staged;
  std::vector<Tombstones::Stone> stones;
  std::vector<Tombstones::Stone> staged_stones;
  Tombstones tombstones;
  std::int64_t live = 0;

  Result<void> read_passes();
  // That the registry's head is one of those kept here.
  Result<void> check_moment(const ledger::Head& now, const std::string& registry);
  Result<void> drop_staged(const ledger::Head& now);
  Result<void> load();
  Result<void> erase(std::size_t pass);  // all of a pass, staged rows too
  Result<void> join(const Generation& g, std::size_t pass, std::span<const encoded::Tag> tags,
                    encoded::PassColumns& out);
  void append_live(const SlabView& slab, std::uint32_t begin, std::uint32_t end, std::int64_t batch,
                   encoded::PassColumns& out) const;
  Result<void> merge(std::size_t pass, const std::vector<std::size_t>& which);
  Result<void> forget_moot_stones();
};

}  // namespace tessera::registry
