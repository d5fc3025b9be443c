// A value per field, by its kind; what was odd is counted, what cannot be read is missing.
#include "engine/record/row.h"

#include <algorithm>

#include "engine/core/ascii.h"
#include "engine/record/date.h"
#include "engine/record/fold.h"
#include "engine/record/garbled.h"
#include "engine/record/name.h"
#include "engine/record/name_words.h"
#include "engine/record/number.h"

namespace tessera::record {
namespace {

enum class Status : std::uint8_t { empty, provided, declined, not_asked, not_available, unknown };

Status ssn_status(std::string_view text) {
  if (text.empty()) return Status::empty;
  const std::string name = loose(text);
  if (name == "provided") return Status::provided;
  if (name == "declined") return Status::declined;
  if (name == "notasked") return Status::not_asked;
  if (name == "notavailable") return Status::not_available;
  return Status::unknown;
}

encoded::SsnState state_without_number(Status status) {
  if (status == Status::declined) return encoded::SsnState::declined;
  if (status == Status::not_asked) return encoded::SsnState::not_asked;
  return encoded::SsnState::not_available;
}

}  // namespace

std::string_view trim(std::string_view cell) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  for (;;) {
    if (!cell.empty() && blank(cell.front()))
      cell.remove_prefix(1);
    else if (!cell.empty() && blank(cell.back()))
      cell.remove_suffix(1);
    else if (cell.starts_with("\xC2\xA0"))
      cell.remove_prefix(2);
    else if (cell.ends_with("\xC2\xA0"))
      cell.remove_suffix(2);
    else
      return cell;
  }
}

RowReader::RowReader(const schema::Schema& schema, const Plan& plan, const ReadOptions& options)
    : schema_(schema),
      plan_(plan),
      options_(options),
      given_(schema.field(schema::Kind::given_name)),
      surname_(schema.field(schema::Kind::surname)),
      middle_(schema.field(schema::Kind::middle_name)),
      date_(schema.field(schema::Kind::date)),
      ssn_(schema.field(schema::Kind::ssn)) {
  spellings_.resize(schema.fields.size());
  for (std::size_t i = 0; i < schema.fields.size(); ++i)
    for (std::size_t v = 0; v < schema.fields[i].values.size(); ++v) {
      const schema::CategoryValue& value = schema.fields[i].values[v];
      spellings_[i].push_back({ascii::lower(value.value), v});
      for (const std::string& s : value.spellings) spellings_[i].push_back({ascii::lower(s), v});
    }
}

void RowReader::read(const Row& row, Fields& out, std::span<Tally> tallies) const {
  out.local_id = trim(row.cells[plan_.local_id]);
  out.values.resize(schema_.fields.size());
  char initial = 0;
  for (std::size_t i = 0; i < schema_.fields.size(); ++i) read_value(i, row, out, tallies, initial);
  if (!ssn_ && plan_.ssn_status)
    out.ssn_state = state_without_number(ssn_status(trim(row.cells[*plan_.ssn_status])));
  judge_names(out, tallies, row.line, initial);
  if (date_ && options_.today.year != 0 && !is_missing(out.values[*date_].date) &&
      !plausible_age(age_on(out.values[*date_].date, options_.today), options_.population))
    tallies[*date_].add(Finding::implausible_age, row.line);
}

void RowReader::read_value(std::size_t field, const Row& row, Fields& out, std::span<Tally> tallies,
                           char& initial) const {
  const schema::Field& about = schema_.fields[field];
  Value& value = out.values[field];
  Tally& tally = tallies[field];
  const std::vector<std::size_t>& columns = plan_.fields[field];
  if (about.kind == schema::Kind::given_name || about.kind == schema::Kind::surname) {
    const bool given = about.kind == schema::Kind::given_name;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::size_t before = value.names.size();
      const std::string_view cell = trim(row.cells[columns[i]]);
      char letter = 0;
      Finding finding =
          given ? read_given_name(cell, value.names, letter) : read_surname(cell, value.names);
      if (i == 0 && field == given_) initial = letter;
      if (i > 0 && finding == Finding::none && before > 0 && value.names.size() > before)
        finding = Finding::other_name;
      tally.add(finding, row.line);
      if (is_garbled(cell)) tally.add(Finding::garbled, row.line);
    }
    return;
  }
  if (about.kind == schema::Kind::ssn) return read_ssn_field(field, row, out, tally);
  if (columns.empty()) return;
  const std::string_view cell = trim(row.cells[columns.front()]);
  if (cell.empty()) return;
  switch (about.kind) {
    case schema::Kind::middle_name:
      tally.add(read_middle_name(cell, value.text), row.line);
      if (is_garbled(cell)) tally.add(Finding::garbled, row.line);
      break;
    case schema::Kind::date: {
      Finding finding = Finding::none;
      value.date =
          read_date(cell, options_.date_formats.empty() ? about.formats : options_.date_formats,
                    options_.today, finding);
      tally.add(finding, row.line);
      break;
    }
    case schema::Kind::number:
      tally.add(read_number(cell, about.length, about.luhn, value.text), row.line);
      break;
    default: {  // category
      const std::string text = ascii::lower(cell);
      const auto it = std::ranges::find(spellings_[field], text, &Spelling::text);
      if (it != spellings_[field].end()) {
        value.text = about.values[it->value].value;
      } else {
        const std::string folded = fold(cell);
        const bool nothing = folded.empty() || is_placeholder(folded);
        tally.add(nothing ? Finding::placeholder : Finding::not_listed, row.line);
      }
    }
  }
}

void RowReader::read_ssn_field(std::size_t field, const Row& row, Fields& out, Tally& tally) const {
  const std::vector<std::size_t>& columns = plan_.fields[field];
  const std::string_view cell =
      columns.empty() ? std::string_view() : trim(row.cells[columns.front()]);
  const Status status =
      plan_.ssn_status ? ssn_status(trim(row.cells[*plan_.ssn_status])) : Status::empty;
  if (field == ssn_) out.ssn_state = state_without_number(status);
  std::string& digits = out.values[field].text;
  tally.add(read_ssn(cell, digits), row.line);
  if (digits.empty()) return;
  // Whoever declined is taken at their word, whatever stands in the other column; and a status
  // nobody can read might mean that.
  if (status != Status::empty && status != Status::provided) {
    digits.clear();
    tally.add(status == Status::unknown ? Finding::not_listed : Finding::not_wanted, row.line);
    return;
  }
  if (field == ssn_) out.ssn_state = encoded::SsnState::provided;
}

void RowReader::judge_names(Fields& out, std::span<Tally> tallies, std::size_t line,
                            char initial) const {
  // "John Q" with an empty middle name: the initial is the middle name.
  if (initial != 0 && middle_ && out.values[*middle_].text.empty())
    out.values[*middle_].text = initial;
  if (!given_ || !surname_) return;
  const std::vector<Name>& given = out.values[*given_].names;
  const std::vector<Name>& surname = out.values[*surname_].names;
  // One legal name, written twice because both cells must be filled. Both are kept: the other
  // owner may have it in either.
  if (!given.empty() && !surname.empty() && given.front().whole == surname.front().whole)
    tallies[*given_].add(Finding::one_name, line);
}

}  // namespace tessera::record
