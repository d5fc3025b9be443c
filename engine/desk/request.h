// Requests: a resubmission that the state directs, or a parent's amendment routed to whoever sent
// the record; each tracked from its opening to its end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/desk/desk.h"
#include "engine/registry/registry.h"
#include "engine/registry/state_id.h"

namespace tessera::desk {

struct Request {
  std::int64_t id = 0;
  std::string kind;    // "resubmission" or "amendment"
  std::string owner;   // of whom it is asked
  std::string people;  // "student" or "staff"
  std::string about;   // resubmission: the collection's name; amendment: the state ID
  std::string what;    // what is wrong, in a line: a field's name, a case number; never a value
  std::string due;     // day by which an answer is due
  std::string opened_on, opened_by;
  std::string state;   // "open", "answered" or "closed"
  std::string answer;  // of the owner: "corrected" or "declined: ...". "" while open
  std::string answered_on, answered_by;
  std::string outcome;  // how the state closed it
  std::string closed_on, closed_by;
};

// Each gives the request's number. Errors `usage`: a text that is not 1 to 200 printable
// characters, a day that is none, a due day before the act's.
Result<std::int64_t> direct_resubmission(Desk& desk, const std::string& owner,
                                         const std::string& people, const std::string& collection,
                                         const std::string& what, const std::string& due,
                                         const Act& act);
// Routed to the one owner that holds records of the ID's person; where several do, `owner` says
// which. Error `conflict`: the ID was never issued, or that owner holds no record of it.
Result<std::int64_t> ask_amendment(Desk& desk, registry::Registry& registry, registry::StateId id,
                                   const std::string& owner, const std::string& what,
                                   const std::string& due, const Act& act);
// The owner's word. Error `conflict` unless the request is open.
Result<void> answer(Desk& desk, std::int64_t id, const std::string& text, const Act& act);
// The state's last word. Error `conflict` if it is closed.
Result<void> close(Desk& desk, std::int64_t id, const std::string& outcome, const Act& act);

// In the order they were opened. `owner` empty: of all.
Result<std::vector<Request>> requests(Desk& desk, const std::string& owner);
// Error `conflict` if there is no such request.
Result<Request> request(Desk& desk, std::int64_t id);

}  // namespace tessera::desk
