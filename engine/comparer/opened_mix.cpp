// Opened in parallel, ordered by tag and mark, numbered in that order: so the entries of one file
// stand together in their block, as they do where files are known.
#include "engine/comparer/opened_mix.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/core/secret.h"
#include "engine/encoded/row_rule.h"
#include "engine/schema/ssn_pass.h"
#include "engine/seal/box.h"
#include "engine/slips/slip.h"

namespace tessera::comparer {
namespace {

constexpr std::size_t kOpenGrain = 256;

enum class Fault : std::uint8_t { closed, other_pass, broken };

// The first slip with a fault, whatever the threads.
class FirstFault {
 public:
  void note(std::size_t slip, Fault fault) {
    const std::lock_guard lock(mutex_);
    if (!fault_ || slip < slip_) fault_ = fault, slip_ = slip;
  }
  const std::optional<Fault>& fault() const { return fault_; }

 private:
  std::mutex mutex_;
  std::size_t slip_ = 0;
  std::optional<Fault> fault_;
};

Error refuse(Fault fault, const schema::Pass& pass, const std::string& where) {
  switch (fault) {
    case Fault::closed:
      return {
          ErrorCode::crypto,
          fmt::format("a slip of pass {} does not open: damaged, or sealed to another", pass.name),
          where};
    case Fault::other_pass:
      return {ErrorCode::format, fmt::format("a slip of another pass among those of {}", pass.name),
              where};
    case Fault::broken:
      break;
  }
  return {ErrorCode::format,
          fmt::format("a slip of pass {} breaks a rule of entries: weights, padding or presence",
                      pass.name),
          where};
}

// A heap that holds fewer slips than its records have would tell in which pass a pair was found.
Result<void> check_rows(const slips::MixHeader& header, const std::string& where) {
  for (std::size_t p = 0; p < header.rows.size(); ++p) {
    const schema::Pass& pass = header.schema.passes[p];
    if (header.rows[p] / header.records < pass.least || header.rows[p] > header.records * pass.most)
      return Error{ErrorCode::conflict,
                   fmt::format("not as many slips of pass {} as so many records have", pass.name),
                   where};
  }
  return {};
}

}  // namespace

Result<OpenedMix> OpenedMix::open(const slips::MixFile& mix, const seal::KeyPair& entries,
                                  Progress& progress) {
  const slips::MixHeader& header = mix.header();
  if (entries.open.use != seal::Use::entries || entries.open.bytes != header.entries_key)
    return Error{ErrorCode::crypto,
                 fmt::format("is sealed to another key for entries: {}",
                             seal::fingerprint(seal::Use::entries, header.entries_key)),
                 mix.path()};
  if (header.records == 0) return Error{ErrorCode::format, "a mix of no records", mix.path()};
  TESSERA_CHECK(check_rows(header, mix.path()));
  OpenedMix out;
  out.schema_ = header.schema;
  out.size_ = {header.records, header.possible_matches, false};
  out.tokens_ = header.schema.ssn && !(header.standing && header.standing->stopped);
  progress.begin("opening", header.rows.size(), "passes");
  for (std::size_t p = 0; p < header.rows.size(); ++p) {
    TESSERA_CHECK(out.open_pass(mix, p, entries));
    progress.advance(1);
  }
  if (auto unique = out.check_handles(); !unique)
    return Error{unique.error().code, unique.error().what, mix.path()};
  std::size_t stopped = out.dropped_.size();
  for (const auto& bare : out.bare_)
    stopped += static_cast<std::size_t>(std::ranges::count(bare, std::uint8_t{1}));
  if (stopped != mix.handles().stopped.size())
    return Error{ErrorCode::format, "stops the SSN of an entry that it does not bring", mix.path()};
  std::ranges::sort(out.dropped_);
  return out;
}

Result<void> OpenedMix::open_pass(const slips::MixFile& mix, std::size_t pass,
                                  const seal::KeyPair& entries) {
  const schema::Layout layout = schema::layout(schema_, pass);
  const encoded::EntryRule rule(layout, schema_);
  const std::size_t sealed = slips::sealed_slip_bytes(layout.stride);
  const std::size_t size = slips::plain_slip_bytes(layout.stride);
  const std::size_t n = mix.header().rows[pass];
  Bytes plain(n * size);
  FirstFault fault;
  parallel_for(n, kOpenGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::span<std::uint8_t> to = std::span(plain).subspan(i * size, size);
      if (!seal::open_box(mix.slips(pass).subspan(i * sealed, sealed), entries, to))
        fault.note(i, Fault::closed);
      else if (const slips::Slip s = slips::take_slip(to.data()); s.pass != pass)
        fault.note(i, Fault::other_pass);
      else if (!rule.broken(s.presence, s.bits).empty())
        fault.note(i, Fault::broken);
    }
  });
  if (fault.fault()) return refuse(*fault.fault(), schema_.passes[pass], mix.path());
  take(pass, plain, mix.handles().stopped);
  wipe(plain);
  return {};
}

void OpenedMix::take(std::size_t pass, ByteView plain,
                     const std::vector<encoded::Handle>& stopped) {
  const bool on_ssn = schema::keyed_by_ssn(schema_, pass);
  const std::uint32_t stride = schema::layout(schema_, pass).stride;
  const std::size_t size = slips::plain_slip_bytes(stride);
  std::vector<slips::Slip> slips(plain.size() / size);
  for (std::size_t i = 0; i < slips.size(); ++i) slips[i] = slips::take_slip(&plain[i * size]);
  const auto is_stopped = [&](const slips::Slip& s) {
    return std::ranges::binary_search(stopped, s.handle);
  };
  if (on_ssn)
    std::erase_if(slips, [&](const slips::Slip& s) {
      if (!is_stopped(s)) return false;
      dropped_.push_back(s.handle);
      return true;
    });
  parallel_sort(slips.begin(), slips.end(), [](const slips::Slip& a, const slips::Slip& b) {
    if (a.tag != b.tag) return a.tag < b.tag;
    return a.mark != b.mark ? a.mark < b.mark : a.handle < b.handle;
  });
  encoded::PassColumns& to = passes_.emplace_back();
  to.stride = stride;
  std::vector<std::uint32_t>& numbers = numbers_.emplace_back();
  std::vector<std::uint8_t>& bare = bare_.emplace_back();
  for (std::size_t i = 0; i < slips.size(); ++i) {
    const slips::Slip& s = slips[i];
    const bool together = i > 0 && s.tag == slips[i - 1].tag && s.mark == slips[i - 1].mark;
    numbers.push_back(static_cast<std::uint32_t>(handles_.size()));
    const std::uint32_t next = group_.empty() ? 0 : group_.back() + 1;
    group_.push_back(together ? group_.back() : next);
    handles_.push_back(s.handle);
    to.tags.push_back(s.tag);
    to.handles.push_back(s.handle);
    to.presence.push_back(s.presence);
    to.bits.insert(to.bits.end(), s.bits, s.bits + stride);
    bare.push_back(is_stopped(s) ? 1 : 0);
    if (schema_.ssn) to.ssn_tokens.push_back(bare.back() != 0 ? std::uint16_t{0} : s.ssn_token);
  }
}

Result<void> OpenedMix::check_handles() const {
  std::vector<encoded::Handle> sorted = handles_;
  parallel_sort(sorted.begin(), sorted.end());
  if (std::ranges::adjacent_find(sorted) != sorted.end())
    return Error{ErrorCode::conflict,
                 "an entry's handle occurs twice; have the files encoded again", ""};
  return {};
}

link::Run OpenedMix::run() const {
  link::Run run;
  run.schema = &schema_;
  run.group = group_;
  run.rule = link::PairRule::across;
  run.size = size_;
  run.tokens = tokens_;
  run.sources = [this](std::size_t pass) -> Result<std::vector<block::Source>> {
    return std::vector<block::Source>{source(pass)};
  };
  return run;
}

}  // namespace tessera::comparer
