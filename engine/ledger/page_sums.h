// A sum at the end of each page of a database, so that a torn one is never read as a whole one.
#pragma once

struct sqlite3;

namespace tessera::ledger {

// A page ends with eight bytes that hold a sum of the rest and of the page's number. Written with
// the page into the database's file, checked whenever a page is read from there; the write-ahead
// log has sums of its own. A page that does not fit its sum is SQLITE_IOERR_DATA.
//
// The name of a layer over SQLite's own files that does so, for sqlite3_open_v2. A file whose
// header reserves no bytes has no sums, and is read and written as it is. Any thread may call it.
const char* with_page_sums();

// The functions below give SQLite's codes, for a connection opened through that layer.

// Of a database that holds nothing yet: its pages will have sums. Also where they are copied from
// one that has.
int give_page_sums(sqlite3* db, int page_size);
bool has_page_sums(sqlite3* db);
// Reads every page that is in the file. One without sums is passed over.
int check_page_sums(sqlite3* db);

}  // namespace tessera::ledger
