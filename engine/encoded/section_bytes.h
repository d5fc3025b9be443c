// The plain bytes of each section, from columns: what the writers share.
#pragma once

#include <vector>

#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/encoded/sections.h"
#include "engine/encoded/sorted_whole.h"
#include "engine/encoded/source.h"

namespace tessera::encoded {

// Zero bytes up to the next multiple of eight.
void put_padding(std::uint64_t length, const Sink& sink);
// A section of entries, from rows that are put in order on their way.
void put_entries(const SortedRows& rows, const Sink& sink);
// A section of SSN tokens, one for each entry in the order of the entries.
void put_tokens(const std::vector<std::uint16_t>& tokens, const Sink& sink);
// The join section. REQUIRES: records sorted by key, handles by handle.
void put_join(const std::vector<JoinRecord>& records, const std::vector<JoinHandle>& handles,
              const Sink& sink);

// Columns that are held in memory. Views: what they show must outlive it.
class HeldColumns final : public Source {
 public:
  // Each pass sorted(); records sorted by key, handles by handle.
  HeldColumns(const std::vector<PassColumns>& passes, const std::vector<JoinRecord>& records,
              const std::vector<JoinHandle>& handles)
      : passes_(passes), records_(records), handles_(handles) {}
  std::uint64_t records() const override { return records_.size(); }
  std::uint64_t rows(std::size_t pass) const override { return passes_[pass].tags.size(); }
  bool tokens() const override;
  void put(const Section& section, const Sink& sink) override;
  // Error (usage) unless there is one set of columns for each pass of `schema` and all columns have
  // a length each, so that a file never says one thing and holds another.
  Result<void> check(const schema::Schema& schema) const;

 private:
  const std::vector<PassColumns>& passes_;
  const std::vector<JoinRecord>& records_;
  const std::vector<JoinHandle>& handles_;
};

// Sections with their rows, in the order of the file; error (usage) if there are more rows than the
// format holds. `tokens`: those of SSN tokens too.
Result<std::vector<Section>> counted(const Source& source, const schema::Schema& schema,
                                     bool tokens);

}  // namespace tessera::encoded
