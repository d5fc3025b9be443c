// The days that a book has seen data go out on: an end that was passed once stays passed.
#pragma once

#include "engine/disclosure/book.h"

namespace tessera::disclosure {

// What has an end: an agreement since it was approved, an artefact since it was made.
struct Bounded {
  std::string_view made_by;  // type of the event that began it
  std::string_view member;   // of that event's body, and
  json::Value value;         // what it says
};

// The days by which a verb that lets data out judges: the clock's, and the latest day on which the
// book let anything out since, if that is later. Both have to do: a clock that was set back puts
// nothing in force again, and one that ran ahead shortens nobody's debarment.
Result<std::vector<Day>> days_to_judge_by(Book& book, Day clock, const Bounded& what);

}  // namespace tessera::disclosure
