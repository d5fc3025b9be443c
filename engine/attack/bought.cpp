// The thief and the others ask one service, each under its own name, quota and signature.
#include "engine/attack/bought.h"

#include <cmath>
#include <map>

#include "engine/attack/seed_random.h"
#include "engine/attack/stolen.h"
#include "engine/encode/block_key.h"
#include "engine/encode/key_inputs.h"
#include "engine/keyclient/exchange.h"
#include "engine/keyserver/service.h"
#include "engine/lab/schema_check.h"
#include "engine/seal/signature.h"

namespace tessera::attack {
namespace {

using keyserver::Service;
using keyserver::State;

constexpr keyserver::Seconds kNow = 1'800'025'200;

// Who asks, and the service that it asks.
class Credential final : public keyclient::Messenger {
 public:
  Credential(std::string name, Random& random)
      : pair_(seal::new_key_pair(seal::Use::owner, std::move(name), random)) {}
  const seal::PublicKey& open() const { return pair_.open; }
  void meet(Service& service) { service_ = &service; }

  // One output for each value of a pass, or the service's refusal.
  Result<std::vector<oprf::Output>> seeds(const schema::Schema& schema,
                                          const std::vector<schema::KeyService>& services,
                                          const std::string& key,
                                          const std::vector<std::string>& values,
                                          Progress& progress) {
    keyclient::Question question{key, {}};
    for (const std::string& v : values)
      question.texts.push_back(encode::oprf_input(schema, key, v));
    const keyclient::Plan plan{.services = services, .epoch = schema.epoch, .now = kNow};
    TESSERA_TRY(auto outputs, keyclient::exchange(plan, asker(), {question}, *this, progress));
    return std::move(outputs->front());
  }
  Result<std::optional<Bytes>> ask(std::size_t, const Sha256&,
                                   const oprf::Request& request) override {
    TESSERA_TRY(Bytes answer, service_->answer(keyclient::signed_bytes(asker(), request), kNow));
    return std::optional(std::move(answer));
  }

 private:
  keyclient::Asker asker() const {
    return {pair_.open.name, pair_.records, [this](std::string_view context, ByteView message) {
              return seal::sign(pair_, context, message);
            }};
  }
  seal::KeyPair pair_;
  Service* service_ = nullptr;
};

// The block keys of a pass: of each person, and what their numbers stand for.
struct PassKeys {
  std::vector<std::vector<std::uint64_t>> of;
  std::map<std::uint64_t, std::string> values;
};

PassKeys read_keys(const schema::Schema& schema, std::size_t pass,
                   std::span<const record::Fields> people) {
  PassKeys out;
  encode::KeyReader keys(schema);
  for (const record::Fields& person : people) {
    keys.read(person);
    out.of.emplace_back();
    for (const encode::BlockKey& k : keys.of(pass)) {
      out.of.back().push_back(block_number(k.value));
      out.values.emplace(out.of.back().back(), k.value);
    }
  }
  return out;
}

std::uint64_t entries_of(std::span<const std::vector<std::uint64_t>> people) {
  std::uint64_t out = 0;
  for (const auto& person : people) out += person.size();
  return out;
}

// The service with its two owners, and what each pass is about.
struct Market {
  const schema::Schema& schema;
  std::vector<schema::KeyService> services;
  Credential thief, others;
};

// Spends the quota of one pass, then asks for one evaluation more.
Result<void> spend(Market& m, const PassKeys& all, const PassKeys& guess, std::size_t enrolment,
                   Bought& out, Progress& progress) {
  const auto order = heaviest_first(guess.of, out.quota + 1);
  std::vector<std::string> wanted;
  wanted.reserve(order.size());
  for (const std::uint64_t n : order) wanted.push_back(guess.values.at(n));
  std::vector<std::string> too_many;
  if (wanted.size() > out.quota) {
    too_many.push_back(std::move(wanted.back()));
    wanted.pop_back();
  }
  TESSERA_TRY(const auto bought, m.thief.seeds(m.schema, m.services, out.pass, wanted, progress));
  out.answered = bought.size();
  if (!too_many.empty()) {
    const auto more = m.thief.seeds(m.schema, m.services, out.pass, too_many, progress);
    if (!more && more.error().code != ErrorCode::limit) return more.error();
    out.answered += more ? 1 : 0;
  }
  std::vector<std::string> values;
  std::vector<std::uint64_t> numbers;
  for (const auto& [n, value] : all.values) {
    numbers.push_back(n);
    values.push_back(value);
  }
  TESSERA_TRY(const auto given, m.others.seeds(m.schema, m.services, out.pass, values, progress));
  std::map<std::uint64_t, const oprf::Output*> held;
  for (std::size_t i = 0; i < wanted.size(); ++i) held[order[i]] = &bought[i];
  std::map<std::uint64_t, bool> open;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto found = held.find(numbers[i]);
    open[numbers[i]] = found != held.end() && *found->second == given[i];
  }
  for (const auto& person : std::span(all.of).subspan(enrolment))
    for (const std::uint64_t n : person) {
      ++out.entries;
      out.opened += open.at(n) ? 1 : 0;
    }
  return {};
}

Result<void> read_log(const std::string& path, const std::string& thief, std::vector<Bought>& out,
                      Progress& progress) {
  TESSERA_TRY(State state, State::open(path));
  TESSERA_CHECK(state.verify(progress));
  TESSERA_TRY(const auto quotas, state.quotas());
  for (Bought& pass : out)
    for (const keyserver::Quota& q : quotas)
      if (q.owner == thief && q.key == pass.pass) pass.logged = q.used;
  return {};
}

}  // namespace

Result<std::vector<Bought>> buy(const schema::Schema& schema,
                                std::span<const record::Fields> people, std::size_t enrolment,
                                std::span<const record::Fields> sample, const std::string& folder,
                                std::uint64_t seed, Progress& progress) {
  const std::string path = folder + "/key-service.db";
  SeedRandom random(seed);
  Market m{schema, {}, Credential("district", random), Credential("others", random)};
  TESSERA_TRY(State state, State::create(path, "service", kNow));
  TESSERA_CHECK(state.add_epoch(schema.epoch, schema::key_names(schema), random, kNow));
  TESSERA_TRY(const schema::PublicKeys keys, state.public_keys(schema.epoch));
  m.services.push_back(keys.service);
  for (const Credential* who : {&m.thief, &m.others})
    TESSERA_CHECK(state.admit(who->open().name, who->open().bytes, kNow));
  std::vector<Bought> out;
  std::vector<PassKeys> all;
  std::vector<std::size_t> numbers;
  for (std::size_t p = 0; p < schema.passes.size(); ++p) {
    if (on_ssn_alone(schema, schema.passes[p])) continue;
    all.push_back(read_keys(schema, p, people));
    numbers.push_back(p);
    const auto own = entries_of(std::span(all.back().of).first(enrolment));
    const auto quota =
        static_cast<std::uint64_t>(std::ceil(lab::kQuotaFactor * static_cast<double>(own)));
    const std::uint64_t rest = all.back().values.size();
    const std::string& name = schema.passes[p].name;
    out.push_back({.pass = name, .quota = quota});
    TESSERA_CHECK(state.grant("district", schema.epoch, name, quota, quota + 1, kNow));
    TESSERA_CHECK(state.grant("others", schema.epoch, name, rest, rest, kNow));
  }
  Service service(std::move(state), std::make_unique<SeedRandom>(seed + 1), seal::verify);
  m.thief.meet(service);
  m.others.meet(service);
  for (std::size_t i = 0; i < out.size(); ++i)
    TESSERA_CHECK(
        spend(m, all[i], read_keys(schema, numbers[i], sample), enrolment, out[i], progress));
  TESSERA_CHECK(read_log(path, "district", out, progress));
  return out;
}

}  // namespace tessera::attack
