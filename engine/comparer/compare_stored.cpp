// Every entry counts as a record of its own, stored ones after those of the mix.
#include "engine/comparer/compare_stored.h"

#include <algorithm>

#include "engine/core/parallel.h"
#include "engine/encoded/payload.h"
#include "engine/encoded/without_ssn.h"
#include "engine/link/repeated.h"

namespace tessera::comparer {
namespace {

class Encounter {
 public:
  Encounter(const slips::MixFile& mix, const OpenedMix& entries, const Store& store)
      : mix_(mix), entries_(entries), store_(store) {
    for (std::uint32_t n = 0; n < entries.entries(); ++n) fresh_.push_back(entries.handle(n));
    parallel_sort(fresh_.begin(), fresh_.end());
  }

  link::Run run() {
    link::Run run;
    run.schema = &entries_.schema();
    run.rule = link::PairRule::from_batch;
    run.batch = entries_.entries();
    run.size = entries_.size();
    run.tokens = entries_.tokens();
    run.sources = [this](std::size_t pass) { return sources(pass); };
    return run;
  }
  encoded::Handle handle(std::uint32_t number) const {
    return number < entries_.entries() ? entries_.handle(number)
                                       : stored_handles_[number - entries_.entries()];
  }
  std::vector<slips::CrowdHandles> crowds() && { return std::move(crowds_); }
  const Checksum& payloads() const { return payloads_; }
  const Checksum& bare() const { return bare_; }

 private:
  Result<std::vector<block::Source>> sources(std::size_t pass) {
    const block::Source mixed = entries_.source(pass);
    std::vector<encoded::Tag> tags(mixed.view.tags.begin(), mixed.view.tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    TESSERA_TRY(stored_, store_.matching(pass, tags));
    if (seen_ == pass) {  // the first of two rounds
      ++seen_;
      add_payloads(pass);
      find_crowds(pass, mixed);
    }
    std::vector<std::uint8_t> own;
    for (const encoded::Handle h : stored_.handles)
      own.push_back(std::ranges::binary_search(mix_.handles().own, h) ? 1 : 0);
    const auto repeated = link::repeated_rows(stored_.view(), own, {&mixed, 1});
    numbers_.resize(stored_.handles.size());
    link::leave_rows_out(repeated, stored_, numbers_);
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      numbers_[i] = entries_.entries() + static_cast<std::uint32_t>(stored_handles_.size());
      stored_handles_.push_back(stored_.handles[i]);
      if (std::ranges::binary_search(fresh_, stored_.handles[i]))
        return Error{ErrorCode::conflict,
                     "an entry's handle is stored with other contents; have the file encoded again",
                     mix_.path()};
    }
    return std::vector<block::Source>{mixed, {stored_.view(), numbers_}};
  }

  // What came, as it came; and what comes of it without SSNs, whoever's they are.
  void add_payloads(std::size_t pass) {
    const auto [whole, bare] = entries_.apart(pass, [](std::size_t) { return true; });
    for (const encoded::PassColumns* rows : {&whole, &bare}) {
      add_sum(pass, rows->view(), payloads_);
      add_sum(pass, encoded::without_ssn(entries_.schema(), pass, rows->view()), bare_);
    }
  }

  static void add_sum(std::size_t pass, const encoded::PassView& rows, Checksum& to) {
    encoded::PayloadDigests all(1);
    all.add_pass(static_cast<std::uint8_t>(pass), rows, std::vector<std::uint32_t>(rows.rows(), 0));
    encoded::add_to(to, all.finish().front());
  }

  // A file's entries under one tag stand together.
  void find_crowds(std::size_t pass, const block::Source& mixed) {
    const auto harmless = mix_.header().standing->harmless[pass];
    if (!harmless) return;
    const auto& tags = mixed.view.tags;
    auto at = stored_.tags.begin();
    for (std::size_t row = 0; row < tags.size();) {
      at = std::lower_bound(at, stored_.tags.end(), tags[row]);
      const auto end = std::upper_bound(at, stored_.tags.end(), tags[row]);
      const auto stored = static_cast<std::size_t>(end - at);
      std::vector<encoded::Handle> crowd;
      const std::size_t tag = row;
      while (row < tags.size() && tags[row] == tags[tag]) {
        const std::size_t first = row;
        const std::uint32_t group = entries_.group(mixed.records[first]);
        while (row < tags.size() && entries_.group(mixed.records[row]) == group) ++row;
        if (row - first + stored > *harmless)
          crowd.insert(crowd.end(), mixed.view.handles.begin() + static_cast<std::ptrdiff_t>(first),
                       mixed.view.handles.begin() + static_cast<std::ptrdiff_t>(row));
      }
      if (crowd.empty()) continue;
      const auto first = static_cast<std::ptrdiff_t>(at - stored_.tags.begin());
      crowd.insert(crowd.end(), stored_.handles.begin() + first,
                   stored_.handles.begin() + first + static_cast<std::ptrdiff_t>(stored));
      std::ranges::sort(crowd);
      crowd.erase(std::unique(crowd.begin(), crowd.end()), crowd.end());
      if (crowd.size() > 1) crowds_.push_back({static_cast<std::uint32_t>(pass), std::move(crowd)});
    }
  }

  const slips::MixFile& mix_;
  const OpenedMix& entries_;
  const Store& store_;
  std::vector<encoded::Handle> fresh_;           // of the mix, sorted
  encoded::PassColumns stored_;                  // of the pass asked for last
  std::vector<std::uint32_t> numbers_;           // of its rows
  std::vector<encoded::Handle> stored_handles_;  // by number, after the mix's
  std::size_t seen_ = 0;                         // passes of the first round
  std::vector<slips::CrowdHandles> crowds_;
  Checksum payloads_{}, bare_{};
};

}  // namespace

Result<ComparedStored> compare_stored(const slips::MixFile& mix, const OpenedMix& entries,
                                      const Store& store, const link::Matcher& matcher,
                                      Progress& progress) {
  Encounter encounter(mix, entries, store);
  TESSERA_TRY(link::Scored scored,
              link::score(encounter.run(), matcher, link::kFaintest, progress));
  ComparedStored out;
  out.compared = told(std::move(scored), [&](std::uint32_t n) { return encounter.handle(n); });
  out.payloads = encounter.payloads();
  out.bare = encounter.bare();
  out.crowds = std::move(encounter).crowds();
  // By handles, which are random: not by tag.
  std::ranges::sort(out.crowds, {}, &slips::CrowdHandles::handles);
  return out;
}

slips::ScoreFile answer_to(const slips::MixFile& mix, const OpenedMix& entries,
                           ComparedStored found, const link::Matcher& matcher) {
  slips::ScoreFile out;
  out.scores = std::move(found.compared.scores);
  out.crowds = std::move(found.crowds);
  out.dropped = entries.dropped();
  out.header = {mix.header().batch, 0, out.scores.size(), slips::Answering{}};
  slips::Answering& answer = *out.header.answering;
  answer.moment = mix.header().standing->moment;
  answer.stopped = mix.header().standing->stopped;
  answer.payloads = found.payloads;
  answer.bare = found.bare;
  answer.automatic = matcher.automatic();
  answer.review = matcher.review();
  answer.crowds = out.crowds.size();
  for (const slips::CrowdHandles& c : out.crowds) answer.crowded += c.handles.size();
  answer.dropped = out.dropped.size();
  return out;
}

}  // namespace tessera::comparer
