// What an owner may ask: its quota in an epoch, and how much of it within an hour.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/json.h"
#include "engine/keyserver/state.h"

namespace tessera::keyserver {

using ledger::Statement;
using ledger::Transaction;

namespace {

constexpr std::int64_t kHour = 3600;

// A bucket that holds an hour's worth and fills evenly.
struct Bucket {
  std::int64_t burst = 0;
  std::int64_t level = 0;
  std::int64_t at = 0;
  void fill(std::int64_t now) {
    const std::int64_t seconds = std::clamp<std::int64_t>(now - at, 0, kHour);
    const std::int64_t gained = burst * seconds / kHour;
    if (level + gained >= burst) {
      level = burst;
      at = std::max(at, now);
    } else if (gained > 0) {
      level += gained;
      at += gained * kHour / burst;  // not to `now`: a part of an element is not lost
    }
  }
  std::int64_t minutes_until(std::int64_t elements) const {
    if (burst == 0) return 0;
    return ((elements - level) * kHour / burst + 59) / 60;
  }
};

Error over_quota(const Charge& c, std::int64_t most, std::int64_t used) {
  return {
      ErrorCode::limit,
      fmt::format("the quota of {} for '{}' in epoch {} is {}, of which {} are used: {} more are "
                  "too many; ask the key service to grant more",
                  c.owner, c.key, c.epoch, most, used, c.elements),
      ""};
}

Error over_burst(const Charge& c, const Bucket& bucket) {
  const auto n = static_cast<std::int64_t>(c.elements);
  if (n > bucket.burst)
    return {
        ErrorCode::limit,
        fmt::format("a request of {} elements is more than the {} that {} may ask for in an hour",
                    c.elements, bucket.burst, c.owner),
        ""};
  return {ErrorCode::limit,
          fmt::format("{} has asked for much in the last hour; wait {} minutes", c.owner,
                      bucket.minutes_until(n)),
          "burst"};
}

}  // namespace

Result<void> State::charge(const Charge& c, bool only_try) {
  TESSERA_TRY(Transaction t, Transaction::begin(database_, only_try ? Transaction::Kind::read
                                                                    : Transaction::Kind::write));
  TESSERA_TRY(const Owner known, owner(c.owner));  // revoked while it was evaluated
  TESSERA_TRY(Statement q, database_.prepare("SELECT most, used, burst, level, level_at FROM quota "
                                             "WHERE owner = ?1 AND epoch = ?2 AND name = ?3"));
  TESSERA_TRY(const bool found, q.bind(1, c.owner).bind(2, c.epoch).bind(3, c.key).step());
  if (!found) return over_quota(c, 0, 0);
  const std::int64_t most = q.integer(0);
  const std::int64_t used = q.integer(1);
  Bucket bucket{q.integer(2), q.integer(3), q.integer(4)};
  q.reset();
  TESSERA_TRY(Statement b,
              database_.prepare("SELECT 1 FROM batch WHERE digest = ?1 AND owner = ?2"));
  TESSERA_TRY(const bool again, b.bind(1, ByteView(c.batch)).bind(2, c.owner).step());
  b.reset();
  const auto n = static_cast<std::int64_t>(c.elements);
  const std::int64_t charged = again ? 0 : n;
  if (charged > most - used) return over_quota(c, most, used);
  bucket.fill(static_cast<std::int64_t>(c.now));
  if (n > bucket.level) return over_burst(c, bucket);
  if (only_try) return {};
  TESSERA_TRY(Statement u,
              database_.prepare("UPDATE quota SET used = ?4, level = ?5, level_at = ?6 "
                                "WHERE owner = ?1 AND epoch = ?2 AND name = ?3"));
  u.bind(1, c.owner).bind(2, c.epoch).bind(3, c.key).bind(4, used + charged);
  TESSERA_CHECK(u.bind(5, bucket.level - n).bind(6, bucket.at).run());
  TESSERA_TRY(Statement add, database_.prepare("INSERT OR IGNORE INTO batch VALUES(?1, ?2)"));
  TESSERA_CHECK(add.bind(1, ByteView(c.batch)).bind(2, c.owner).run());
  TESSERA_CHECK(log("answered", json::Object{{"at", c.now},
                                             {"owner", c.owner},
                                             {"epoch", c.epoch},
                                             {"key", c.key},
                                             {"elements", c.elements},
                                             {"charged", charged}}));
  return t.commit();
}

}  // namespace tessera::keyserver
