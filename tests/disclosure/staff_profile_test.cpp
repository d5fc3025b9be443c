// R62: what is open of staff records, and nobody else's, and never an SSN.
#include "engine/disclosure/staff_profile.h"

#include "tests/disclosure/desk.h"

using namespace tessera;
using namespace tessera::disclosure;

namespace {

std::string shipped() { return *read_file(TESSERA_DATA "/disclosure/staff-open-records.json"); }

Request asked(std::vector<std::string> fields) {
  Request r = Desk::request();
  r.basis = kOpenRecords;
  r.fields = std::move(fields);
  r.opens = *read_staff_profile(shipped(), "profile");
  return r;
}

}  // namespace

TEST_CASE("R62: a profile is of staff, and lists no SSN") {
  CHECK(read_staff_profile(shipped(), "p").has_value());
  for (const char* text :
       {"{}", "[]", R"({"people":"student","fields":["a"]})", R"({"people":"staff","fields":[]})",
        R"({"people":"staff","fields":[3]})"})
    CHECK(read_staff_profile(text, "p").error().code == ErrorCode::format);
  for (const char* column : {"ssn", "SSN last 4", "social_security_no"})
    CHECK(read_staff_profile(
              fmt::format(R"({{"people":"staff","fields":["position","{}"]}})", column), "p")
              .error()
              .code == ErrorCode::conflict);
}

TEST_CASE("R62: an agreement on open records names columns of the profile, and has one") {
  const Desk desk;
  Book book = desk.open();
  CHECK(submit(book, asked({"position", "salary"}), desk.today()).has_value());
  CHECK(submit(book, asked({"position", "home_address"}), desk.today()).error().code ==
        ErrorCode::conflict);
  Request none = asked({"position"});
  none.opens.clear();
  CHECK(submit(book, none, desk.today()).error().code == ErrorCode::usage);
  Request study = asked({"position"});
  study.basis = "study";
  CHECK(submit(book, study, desk.today()).error().code == ErrorCode::usage);
}

TEST_CASE("R62: its releases hold staff alone") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = desk.agreed(book, asked({"position"}));
  Table table =
      *read_table(fmt::format("state_id,position\n{},teacher\n", id_text(1)), "t", "state_id");
  CHECK(propose(book, id, table, Audience::organisation, desk.today()).error().code ==
        ErrorCode::conflict);
  table.staff_alone = true;
  CHECK(propose(book, id, table, Audience::organisation, desk.today()).has_value());
  table.staff_alone = false;
  CHECK_FALSE(make_release(book, 1, table, day("2027-06-30"), *system_random(), desk.today()));
}
