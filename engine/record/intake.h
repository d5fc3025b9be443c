// Where the rows of every kind of roster come together: batches read in parallel, then the checks
// that need all rows.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/columns.h"
#include "engine/record/id_set.h"
#include "engine/record/roster.h"
#include "engine/record/row.h"

namespace tessera::record {

// Not thread safe. Feed rows in the order of the file, then call finish() once.
class Intake {
 public:
  // `file`: whose rows are added, as messages name it.
  // `stable`: text that outlives the intake; cells that lie in it are not copied.
  // `options` and `schema` must outlive the intake.
  Intake(const schema::Schema& schema, const ReadOptions& options, Plan plan,
         const std::vector<std::string>& header, std::string file, std::string_view stable);
  Intake(const Intake&) = delete;  // the row reader refers to the plan
  Intake& operator=(const Intake&) = delete;

  // A row with a cell for each column of the header. Cells need to live during the call only.
  void add(std::size_t line, std::span<const std::string_view> cells);
  void reject(std::size_t line, RowRule rule, std::string remedy);
  // A row of a file beside it.
  void reject(std::string file, std::size_t line, RowRule rule, std::string remedy);
  Report& report() { return roster_.report; }

  // Reads what is left, checks the whole, and gives the roster; an error if more than 5 % of the
  // rows were rejected (then they are moved to `*rejects` unless it is null).
  Result<Roster> finish(std::vector<Reject>* rejects);

 private:
  void flush();
  std::string_view keep(std::string_view cell, std::deque<std::string>& held);
  Result<void> check_exchanged_dates() const;
  void check_first_of_january();
  void check_ssns();

  // Counted while a batch is still in the processor's caches: a pass over all records costs more.
  struct Counts {
    struct OfField {
      std::uint64_t known = 0;     // records with a value
      std::uint64_t complete = 0;  // dates of which all is known
      std::uint64_t first = 0;     // of those on the first of January
    };
    std::vector<OfField> fields;
    std::array<std::uint64_t, 6> states{};  // by SsnState
    void add(const Fields& record);
    void add(const Counts& other);
  };

  const schema::Schema& schema_;
  Plan plan_;
  std::vector<std::size_t> used_;  // columns that are read; cells_ holds these only
  std::size_t local_id_ = 0;       // column of the local ID in the file
  std::string file_;
  std::string_view stable_;
  RowReader reader_;
  std::vector<std::string_view> cells_;  // of the batch, row by row
  std::vector<std::size_t> lines_;       // of the batch
  std::deque<std::string> held_;         // cells of the batch that lie elsewhere
  std::deque<std::string> held_ids_;
  IdSet ids_;
  std::vector<Tally> tallies_;  // per field
  Counts counts_;
  Roster roster_;
};

}  // namespace tessera::record
