// Epochs opened, counted, and who would be lost with one.
#include "engine/registry/epoch.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "engine/core/json.h"
#include "engine/registry/epoch_keeper.h"
#include "engine/registry/events.h"
#include "engine/registry/plausible.h"
#include "engine/registry/registry_state.h"
#include "engine/schema/layout.h"

namespace tessera::registry {

using ledger::Statement;

std::vector<std::uint32_t> strides_of(const schema::Schema& schema) {
  std::vector<std::uint32_t> strides;
  for (std::size_t p = 0; p < schema.passes.size(); ++p)
    strides.push_back(schema::layout(schema, p).stride);
  return strides;
}

Result<void> write_encoding(ledger::Database& db, const Epoch& e) {
  TESSERA_TRY(Statement encoding,
              db.prepare("INSERT INTO encoding(epoch, schema, key_check, "
                         "first_pass, blocks, shares) VALUES(?1, ?2, ?3, ?4, x'', x'')"));
  const std::string text = json::to_canonical(schema::to_json(e.schema));
  const auto first_pass = static_cast<std::int64_t>(e.first_pass);
  encoding.bind(1, e.number).bind(2, text).bind(4, first_pass);
  if (e.key_check) encoding.bind(3, ByteView(*e.key_check));
  TESSERA_CHECK(encoding.run());
  TESSERA_TRY(Statement share, db.prepare("INSERT INTO pass_share(pass, share) VALUES(?1, ?2)"));
  const auto shares = heaviest_shares(e.schema);
  for (std::size_t p = 0; p < shares.size(); ++p)
    if (shares[p])
      TESSERA_CHECK(share.bind(1, first_pass + static_cast<std::int64_t>(p))
                        .bind(2, static_cast<std::int64_t>(*shares[p] * kShareUnit))
                        .run());
  TESSERA_CHECK(HandleMap::add_sums(db, e.number));
  return keep_sum_of_shares(db, e.number);
}

Result<Checksum> sum_of_shares(ledger::Database& db, std::int64_t epoch) {
  TESSERA_TRY(Statement s,
              db.prepare("SELECT s.pass - e.first_pass, s.share FROM pass_share s JOIN encoding e "
                         "ON e.epoch = ?1 AND s.pass >= e.first_pass AND s.pass < ifnull((SELECT "
                         "min(n.first_pass) FROM encoding n WHERE n.epoch > ?1), s.pass + 1) "
                         "ORDER BY s.pass"));
  s.bind(1, epoch);
  Bytes all;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return checksum(all);
    for (const int column : {0, 1}) append_le(all, static_cast<std::uint64_t>(s.integer(column)));
  }
}

Result<void> keep_sum_of_shares(ledger::Database& db, std::int64_t epoch) {
  TESSERA_TRY(const Checksum sum, sum_of_shares(db, epoch));
  TESSERA_TRY(Statement s, db.prepare("UPDATE encoding SET shares = ?1 WHERE epoch = ?2"));
  return s.bind(1, ByteView(sum)).bind(2, epoch).run();
}

namespace {

bool same_fields(const schema::Schema& a, const schema::Schema& b) {
  return a.ssn == b.ssn && std::ranges::equal(a.fields, b.fields, [](const auto& x, const auto& y) {
           return x.name == y.name && x.kind == y.kind;
         });
}

Result<void> may_follow(const Registry& registry, const schema::Schema& schema,
                        const std::optional<KeyCheck>& key_check) {
  const auto refuse = [&](std::string what) {
    return Error{ErrorCode::conflict, std::move(what), registry.path()};
  };
  for (const Epoch& e : registry.epochs()) {
    if (e.name == schema.epoch)
      return refuse(
          fmt::format("has an epoch {} already; give the schema's \"epoch\" another name", e.name));
    if (key_check && e.key_check == key_check)
      return refuse(
          fmt::format("this is the project key of epoch {}; each epoch has a key of its "
                      "own ('tessera key rotate'), or it could not be destroyed",
                      e.name));
  }
  if (!same_fields(registry.current().schema, schema))
    return refuse("an epoch may change passes, widths and key services, but not fields or SSN");
  if (schema.key_services.empty() != (registry.protection() == encoded::Protection::trial))
    return refuse("an epoch cannot turn a trial into a project with a key service, or back");
  if (!registry.current().key_check)
    return refuse("has taken no file yet, so there is nothing to bridge; make it anew");
  return {};
}

}  // namespace

Result<ledger::SignedHead> EpochKeeper::open(const schema::Schema& schema,
                                             const std::optional<KeyCheck>& key_check) {
  TESSERA_CHECK(writable());
  TESSERA_CHECK(may_follow(registry_, schema, key_check));
  Epoch e{static_cast<std::int64_t>(s_.epochs.size()) + 1,
          schema.epoch,
          schema,
          schema::digest(schema),
          key_check,
          s_.epochs.back().first_pass + s_.epochs.back().schema.passes.size(),
          0};
  // Room in the entry store first: without the event it is not there.
  if (!registry_.split()) TESSERA_CHECK(s_.entries->set_passes(e.first_pass, strides_of(schema)));
  TESSERA_CHECK(write_encoding(s_.db, e));
  TESSERA_TRY(HandleMap map, HandleMap::open(s_.db, e.number));
  TESSERA_TRY(const ledger::SignedHead head,
              s_.happen(EpochOpened{e.number, e.name, to_hex(e.digest)}));
  s_.handles.push_back(std::move(map));
  s_.epochs.push_back(std::move(e));
  return head;
}

Result<ledger::SignedHead> open_epoch(Registry& registry, const schema::Schema& schema,
                                      const std::optional<KeyCheck>& key_check) {
  return EpochKeeper(registry).open(schema, key_check);
}

Result<EpochCount> count_epoch(Registry& registry, const Epoch& epoch) {
  EpochCount n;
  TESSERA_TRY(n.records, registry.database().integer(fmt::format(
                             "SELECT count(*) FROM payload WHERE epoch = {}", epoch.number)));
  for (std::size_t p = 0; !registry.split() && p < epoch.schema.passes.size(); ++p)
    n.entries += registry.entries().rows(epoch.first_pass + p);
  if (registry.split()) {
    TESSERA_TRY(const auto handles, registry.all_handles(epoch));
    n.entries = handles.size();
  }
  // The people of left_behind(), counted by two sets, each gathered in one walk over the payloads.
  TESSERA_TRY(
      Statement s,
      registry.database().prepare(
          "SELECT count(*) FROM state_id i WHERE i.state <> 3 AND i.person IN (SELECT r.person "
          "FROM "
          "payload p JOIN record r ON r.id = p.record WHERE p.epoch = ?1 EXCEPT SELECT x.person "
          "FROM payload y JOIN record x ON x.id = y.record JOIN epoch e ON e.id = y.epoch WHERE "
          "y.epoch <> ?1 AND (e.ended = 0 OR (?2 > 0 AND e.ended > ?2)))"));
  TESSERA_TRY(const bool row, s.bind(1, epoch.number).bind(2, epoch.ended).step());
  if (row) n.only_here = s.integer(0);
  return n;
}

Result<std::vector<LeftBehind>> left_behind(Registry& registry, const Epoch& epoch) {
  // Another epoch shows a person if it is live; of one that has ended it counts that it ended later
  // than the one asked about, which then was not the last to show them.
  TESSERA_TRY(
      Statement s,
      registry.database().prepare(
          "SELECT o.name, r.population, r.key, i.id FROM payload p JOIN record r ON r.id = "
          "p.record "
          "JOIN owner o ON o.id = r.owner JOIN state_id i ON i.person = r.person AND i.state <> 3 "
          "WHERE p.epoch = ?1 AND NOT EXISTS(SELECT 1 FROM record x JOIN payload y ON y.record = "
          "x.id JOIN epoch e ON e.id = y.epoch WHERE x.person = r.person AND y.epoch <> ?1 AND "
          "(e.ended = 0 OR (?2 > 0 AND e.ended > ?2))) ORDER BY o.name, r.population, r.key"));
  s.bind(1, epoch.number).bind(2, epoch.ended);
  std::vector<LeftBehind> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    LeftBehind& l = out.emplace_back();
    l.owner = s.text(0);
    l.population = static_cast<encoded::Population>(s.integer(1));
    std::copy_n(s.blob(2).begin(), std::min(s.blob(2).size(), l.key.size()), l.key.begin());
    l.id = static_cast<StateId>(s.integer(3));
  }
}

}  // namespace tessera::registry
