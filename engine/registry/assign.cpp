#include "engine/registry/assign.h"

#include <array>

#include "engine/registry/decider.h"

namespace tessera::registry {
namespace {

constexpr std::array<std::string_view, 5> kStatus = {"", "existing", "new", "review", "conflict"};
constexpr std::array<std::string_view, 15> kReasons = {"",
                                                       "too little evidence",
                                                       "near match",
                                                       "close runner-up",
                                                       "two persons",
                                                       "already held",
                                                       "two rows, one person",
                                                       "through another record",
                                                       "too many versions",
                                                       "other person",
                                                       "waiting",
                                                       "person of the other space",
                                                       "retired ID",
                                                       "crowded block",
                                                       "many names"};
constexpr std::array<std::string_view, 5> kVerdicts = {"", "same", "different", "unsure", "defer"};

}  // namespace

std::string_view name_of(Verdict verdict) { return kVerdicts[static_cast<std::size_t>(verdict)]; }
bool verdict_named(std::string_view name, Verdict& out) {
  for (std::size_t i = 1; i < kVerdicts.size(); ++i)
    if (kVerdicts[i] == name) {
      out = static_cast<Verdict>(i);
      return true;
    }
  return false;
}
std::string_view name_of(Status status) { return kStatus[static_cast<std::size_t>(status)]; }
std::string_view name_of(Reason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

bool reason_named(std::string_view name, Reason& out) {
  for (std::size_t i = 1; i < kReasons.size(); ++i)
    if (kReasons[i] == name) {
      out = static_cast<Reason>(i);
      return true;
    }
  return false;
}

std::vector<Decision> decide(const Question& question) { return Decider(question).run(); }

bool is_held(Reason reason) {
  return reason == Reason::too_many_versions || reason == Reason::crowded_block;
}

bool stores_entries(Known::Payload payload) {
  return payload == Known::Payload::first || payload == Known::Payload::changed;
}

}  // namespace tessera::registry
