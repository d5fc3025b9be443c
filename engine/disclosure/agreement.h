// Agreements: who asks for data, on which ground, for what, until when; and what became of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/digest.h"
#include "engine/disclosure/book.h"

namespace tessera::disclosure {

// The grounds on which FERPA (34 CFR 99.31) lets records go without consent, as state policy lists
// them (R49). A release stands on exactly one.
inline constexpr std::array<std::string_view, 10> kBases = {
    "school_official", "contractor", "audit_evaluation", "federal_official", "financial_aid",
    "study",           "accreditor", "judicial_order",   "health_safety",    "juvenile_system"};

// Improper disclosure closes the door for so long (R56; 34 CFR 99.67).
inline constexpr int kDebarredYears = 5;

struct Request {
  std::string recipient;            // an organisation
  std::vector<std::string> people;  // of it, who will see the data
  std::string project;              // pseudonyms are the same within one project, and only there
  std::string basis;                // one of kBases; or kOpenRecords, for staff (staff_profile.h)
  std::string purpose;
  std::string agency;  // on whose behalf
  std::string safeguards;
  std::vector<std::string> fields;  // columns that may be released
  Day starts;
  Day ends;
  Day destroy_by;                    // a release is a loan
  std::vector<std::string> opens{};  // on kOpenRecords, and only then: the columns of the profile
};

// What an agreement's card says. `status` on a day: submitted, denied, approved (not begun),
// active, ended, overdue (not destroyed in time), destroyed.
struct Card {
  std::int64_t id = 0;
  Request request;
  std::string status;
  std::optional<Day> debarred_until;  // the recipient
};

// Each returns Error usage for what is missing or no known ground, conflict for what the state of
// things forbids. A debarred recipient or person, or one that owes a destruction, is refused.
Result<std::int64_t> submit(Book& book, const Request& request, const Act& act);
// `form`: SHA-256 of the signed agreement; no approval without one (R53).
Result<void> approve(Book& book, std::int64_t agreement, const Sha256& form, const Act& act);
Result<void> deny(Book& book, std::int64_t agreement, const std::string& why, const Act& act);
// Correspondence (R57): a subject line, and the digest of a document kept elsewhere.
Result<void> file_letter(Book& book, std::int64_t agreement, const std::string& subject,
                         const std::optional<Sha256>& document, const Act& act);
// The recipient's certificate that everything was destroyed. Revokes what is still open, and
// shreds the project's pseudonyms when it was the project's last agreement.
Result<void> mark_destroyed(Book& book, std::int64_t agreement, const Sha256& certificate,
                            const Act& act);
// No request, approval or release for the recipient until the day given back.
Result<Day> debar(Book& book, const std::string& recipient, const std::string& why, const Act& act);

Result<Card> find_agreement(Book& book, std::int64_t agreement, Day today);
// All of them, in the order of submission.
Result<std::vector<Card>> agreements(Book& book, Day today);
// Error conflict that says why the recipient may get nothing today: debarred, or overdue.
Result<void> require_welcome(Book& book, const std::string& recipient,
                             const std::vector<std::string>& people, Day today);

}  // namespace tessera::disclosure
