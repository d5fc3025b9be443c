// Marks of lost accents, and names that only look alike.
#include "engine/record/garbled.h"

#include "rosters.h"

using namespace tessera::record;

TEST_CASE("names that lost their accents are known by what is left") {
  for (const char* name :
       {"Ren\xC3\x83\xC2\xA9", "\xC3\x83\xE2\x80\x9Cscar", "Nu\xC3\x82\xC2\xB1o", "Ren\xEF\xBF\xBD",
        "Nu?ez", "N\xC3\xBA?ez", "Jos&eacute;", "O&#39;Brien"}) {
    CAPTURE(name);
    CHECK(is_garbled(name));
  }
  for (const char* name : {"", "Ren\xC3\xA9", "JO\xC3\x83O", "\xC3\x82ngela",
                           "O\xE2\x80\x99"
                           "Brien",
                           "?", "Ann?", "Ann & Bob", "A&B; C", "&;", "Ann\xC3", "\xEF\xBC\xA1nn"}) {
    CAPTURE(name);
    CHECK_FALSE(is_garbled(name));
  }
}

TEST_CASE("a garbled name is kept, and remarked in its field") {
  const Roster r = must_read(
      "id,first_name,mi,last_name\n1,Ren?e,Jos&eacute;,Nu\xEF\xBF\xBD"
      "ez\n2,Ann,,Lee\n");
  for (const std::size_t field : {kFirst, kMiddle, kLast}) {
    CHECK(findings(r, field).of(Finding::garbled) == 1);
    CHECK(findings(r, field).first_line[static_cast<std::size_t>(Finding::garbled)] == 2);
  }
  CHECK(r.report.fields[kLast].known == 2);
}
