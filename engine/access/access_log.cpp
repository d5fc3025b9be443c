#include "engine/access/access_log.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "engine/access/access_state.h"
#include "engine/access/lived.h"

namespace tessera::access {

using ledger::Database;
using ledger::Statement;
using ledger::Transaction;

namespace {

constexpr std::uint32_t kApplication = 0x74657341;  // "tesA"

Database::Options options(Database::Mode mode) {
  return {.mode = mode, .application_id = kApplication, .version = 1, .cache_mib = 16};
}

constexpr std::pair<std::string_view, std::string_view> kContents[] = {
    {"account", "SELECT name, holder, made, until, closed FROM account ORDER BY name"},
    {"grants",
     "SELECT id, account, level, set_name, owner, people, records, administrator, path, form, "
     "approver, made, until, revoked, revoked_by, reason FROM grants ORDER BY id"},
    {"levels", "SELECT version, made, text FROM levels ORDER BY version"}};

Result<void> same_table(Database& stored, Database& replayed, std::string_view name,
                        std::string_view query) {
  TESSERA_TRY(Statement a, stored.prepare(query));
  TESSERA_TRY(Statement b, replayed.prepare(query));
  for (;;) {
    TESSERA_TRY(const bool more_a, a.step());
    TESSERA_TRY(const bool more_b, b.step());
    bool same = more_a == more_b;
    for (int c = 0; same && more_a && c < a.columns(); ++c) same = a.text(c) == b.text(c);
    if (!same)
      return Error{ErrorCode::format,
                   fmt::format("table {} is not what the events make; restore from a backup", name),
                   stored.path()};
    if (!more_a) return {};
  }
}

Bytes chain_of(const AccessLog::Name& name) {
  Bytes out(name.begin(), name.end());
  const ByteView label = as_bytes("access");
  out.insert(out.end(), label.begin(), label.end());
  return out;
}

Result<ledger::Head> verify_log(Database& db, const PublicKey& key, const AccessLog::Name& name,
                                const std::vector<ledger::SignedHead>& anchors,
                                Progress& progress) {
  TESSERA_CHECK(db.require_schema(access_ddl()));
  TESSERA_CHECK(db.check_integrity());
  ledger::ChainCheck check(key, chain_of(name), anchors, db.path());
  TESSERA_TRY(const ledger::Head head, ledger::verify_signed_chain(db, check, progress));
  TESSERA_TRY(Database replayed, Database::in_memory());
  TESSERA_CHECK(replayed.exec(replay_ddl()));
  const auto apply = [&replayed](const ledger::Event& e) {
    return apply_event(replayed, e.type, e.body);
  };
  TESSERA_TRY(const ledger::Head again, ledger::verify_chain(db, progress, apply));
  (void)again;
  for (const auto& [table, query] : kContents)
    TESSERA_CHECK(same_table(db, replayed, table, query));
  return head;
}

}  // namespace

std::string access_path(const std::string& registry_path) { return registry_path + ".access"; }

AccessLog::AccessLog() = default;
AccessLog::AccessLog(AccessLog&&) noexcept = default;
AccessLog& AccessLog::operator=(AccessLog&&) noexcept = default;
AccessLog::~AccessLog() = default;

const AccessLog::Name& AccessLog::name() const { return state_->name; }
const Levels& AccessLog::levels() const { return state_->levels; }
Database& AccessLog::database() { return state_->db; }
Bytes AccessLog::chain() const { return state_->chain(); }

Bytes AccessLog::State::chain() const { return chain_of(name); }

Result<void> AccessLog::State::read_meta() {
  TESSERA_TRY(Statement meta, db.prepare("SELECT name FROM meta"));
  TESSERA_TRY(const bool row, meta.step());
  if (!row || !copy_whole(meta.blob(0), name))
    return Error{ErrorCode::format, "the access log has no name; restore from a backup", db.path()};
  return {};
}

Result<void> AccessLog::State::read_levels() {
  TESSERA_TRY(Statement s, db.prepare("SELECT text FROM levels ORDER BY version DESC LIMIT 1"));
  TESSERA_TRY(const bool row, s.step());
  if (!row) return Error{ErrorCode::format, "the access log holds no policy", db.path()};
  TESSERA_TRY(levels, access::read_levels(s.text(0), db.path()));
  return {};
}

// The salt keeps a reader of hashes alone from guessing what a short event says.
Result<void> AccessLog::State::append(ledger::EventLog& log, std::string_view type,
                                      json::Object body, Time now) {
  std::array<std::uint8_t, 16> salt{};
  random.fill(salt);
  body.emplace_back("at", now);
  body.emplace_back("salt", to_hex(salt));
  TESSERA_TRY(const Time before, lived(db));
  const bool in = let_in(type, json::Value(body));
  if (!in || now < before) body.emplace_back("latest", before);
  const std::string text = json::to_canonical(json::Value(std::move(body)));
  TESSERA_CHECK(apply_event(db, type, text));
  return log.append(type, text);
}

Result<void> AccessLog::State::happen(std::string_view type, json::Object body, Time now,
                                      const std::function<Result<void>()>& also) {
  TESSERA_TRY(Transaction transaction, Transaction::begin(db, Transaction::Kind::write));
  TESSERA_TRY(ledger::EventLog log, ledger::EventLog::open(db));
  TESSERA_CHECK(append(log, type, std::move(body), now));
  if (also) TESSERA_CHECK(also());
  return commit(transaction, log);
}

Result<void> AccessLog::State::commit(Transaction& transaction, const ledger::EventLog& log) {
  TESSERA_TRY(const ledger::SignedHead head, ledger::seal(db, log, key, chain()));
  (void)head;
  return transaction.commit();
}

Result<AccessLog> AccessLog::create(const std::string& path, const Name& registry, SigningKey key,
                                    Random& random, Time now) {
  TESSERA_TRY(Database db, Database::open(path, options(Database::Mode::create)));
  AccessLog out;
  out.state_ = std::make_unique<State>(std::move(db), std::move(key), random);
  State& s = *out.state_;
  random.fill(s.name);
  TESSERA_CHECK(s.db.exec(access_ddl()));
  TESSERA_TRY(Statement meta,
              s.db.prepare("INSERT INTO meta(id, name, registry) VALUES(1, ?1, ?2)"));
  TESSERA_CHECK(meta.bind(1, ByteView(s.name)).bind(2, ByteView(registry)).run());
  TESSERA_CHECK(s.happen("open",
                         {{"log", to_hex(s.name)},
                          {"registry", to_hex(registry)},
                          {"key", to_hex(s.key.public_key())}},
                         now));
  TESSERA_TRY(const Levels levels, access::read_levels(shipped_levels(), "shipped policy"));
  TESSERA_CHECK(s.happen(
      "levels", {{"by", ""}, {"version", levels.version}, {"text", shipped_levels()}}, now));
  TESSERA_CHECK(s.read_levels());
  s.db.keep();
  return out;
}

Result<AccessLog> AccessLog::open(const std::string& path, const Name& name, SigningKey key,
                                  Random& random) {
  TESSERA_TRY(Database db, Database::open(path, options(Database::Mode::read_write)));
  AccessLog out;
  out.state_ = std::make_unique<State>(std::move(db), std::move(key), random);
  State& s = *out.state_;
  TESSERA_CHECK(s.db.require_schema(access_ddl()));
  TESSERA_CHECK(s.read_meta());
  if (s.name != name)
    return Error{ErrorCode::conflict, "this access log belongs to another registry", path};
  TESSERA_CHECK(s.read_levels());
  return out;
}

Result<std::vector<Account>> AccessLog::accounts() {
  std::vector<Account> out;
  TESSERA_TRY(Statement s, state_->db.prepare(kContents[0].second));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out.push_back(
        {std::string(s.text(0)), std::string(s.text(1)), s.integer(2), s.integer(3), s.integer(4)});
  }
}

Result<std::optional<Account>> AccessLog::account(const std::string& name) {
  TESSERA_TRY(auto all, accounts());
  for (Account& a : all)
    if (a.name == name) return std::optional<Account>(std::move(a));
  return std::optional<Account>();
}

Result<std::vector<Grant>> AccessLog::grants(const std::string& account) {
  std::vector<Grant> out;
  TESSERA_TRY(Statement s, state_->db.prepare(kContents[1].second));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    if (!account.empty() && s.text(1) != account) continue;
    Grant g;
    g.id = s.integer(0);
    g.account = s.text(1);
    g.level = static_cast<int>(s.integer(2));
    g.set = s.text(3);
    g.owner = s.text(4);
    g.people = static_cast<People>(s.integer(5));
    for (std::string_view keys = s.text(6); !keys.empty();) {
      const std::size_t end = std::min(keys.find(' '), keys.size());
      g.records.emplace_back(keys.substr(0, end));
      keys.remove_prefix(std::min(end + 1, keys.size()));
    }
    g.administrator = s.integer(7) != 0;
    g.path = static_cast<Path>(s.integer(8));
    g.form = s.text(9);
    g.approver = s.text(10);
    g.made = s.integer(11);
    g.until = s.integer(12);
    g.revoked = s.integer(13);
    g.revoked_by = s.text(14);
    g.reason = s.text(15);
    out.push_back(std::move(g));
  }
}

Result<std::vector<std::pair<Time, Levels>>> AccessLog::versions() {
  std::vector<std::pair<Time, Levels>> out;
  TESSERA_TRY(Statement s, state_->db.prepare(kContents[2].second));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    TESSERA_TRY(Levels levels, access::read_levels(s.text(2), state_->db.path()));
    out.emplace_back(s.integer(1), std::move(levels));
  }
}

Result<ledger::Head> AccessLog::verify(const std::vector<ledger::SignedHead>& anchors,
                                       Progress& progress) {
  return verify_log(state_->db, state_->key.public_key(), state_->name, anchors, progress);
}

Result<ledger::Head> AccessLog::verify_copy(const std::string& path, const Name& name,
                                            const PublicKey& key, Progress& progress) {
  TESSERA_TRY(Database db, Database::open(path, options(Database::Mode::read_only)));
  return verify_log(db, key, name, {}, progress);
}

}  // namespace tessera::access
