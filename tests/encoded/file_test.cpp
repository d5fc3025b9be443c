// Writer and reader: what goes in comes out, whole files only, and nothing damaged is let in.
#include <cstdio>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "engine/encoded/reader.h"
#include "engine/encoded/writer.h"
#include "tests/encoded/sample.h"

using namespace tessera;

namespace {

namespace fs = std::filesystem;

// A folder of this test alone, gone afterwards.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "tessera-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
  std::string file(const char* name) const { return (path / name).string(); }
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

Bytes slurp(const std::string& path) {
  const auto text = read_file(path);
  REQUIRE(text);
  return {text->begin(), text->end()};
}

Result<void> write_content(const reference::Content& c, const std::string& path,
                           AtomicFile::Options options = {}) {
  return encoded::write(path, c.header, c.passes, c.records, c.handles, options);
}

void check_equal(const reference::Content& a, const reference::Content& b) {
  CHECK(a.header.owner == b.header.owner);
  CHECK(a.header.created == b.header.created);
  CHECK(a.header.key_check == b.header.key_check);
  CHECK(a.header.population == b.header.population);
  CHECK(a.header.protection == b.header.protection);
  CHECK(a.header.schema_digest == b.header.schema_digest);
  REQUIRE(a.passes.size() == b.passes.size());
  for (std::size_t p = 0; p < a.passes.size(); ++p) {
    CHECK(a.passes[p].tags == b.passes[p].tags);
    CHECK(a.passes[p].handles == b.passes[p].handles);
    CHECK(a.passes[p].presence == b.passes[p].presence);
    CHECK(a.passes[p].bits == b.passes[p].bits);
    CHECK(a.passes[p].stride == b.passes[p].stride);
    CHECK(a.passes[p].ssn_tokens == b.passes[p].ssn_tokens);
  }
  REQUIRE(a.records.size() == b.records.size());
  for (std::size_t i = 0; i < a.records.size(); ++i) {
    CHECK(a.records[i].key == b.records[i].key);
    CHECK(a.records[i].ssn_state == b.records[i].ssn_state);
    CHECK(a.records[i].usable_passes == b.records[i].usable_passes);
    CHECK(a.records[i].mandatory == b.records[i].mandatory);
  }
  REQUIRE(a.handles.size() == b.handles.size());
  for (std::size_t i = 0; i < a.handles.size(); ++i) {
    CHECK(a.handles[i].handle == b.handles[i].handle);
    CHECK(a.handles[i].record == b.handles[i].record);
  }
}

}  // namespace

TEST_CASE("a file holds what was written, and the plain writer gives the same bytes") {
  const Folder folder;
  int number = 0;
  for (const std::string_view schema : {samples::kSmallSchema, samples::kWideSchema})
    for (const std::size_t records : {0, 1, 3, 50, 400})
      for (const bool purge : {false, true}) {
        reference::Content content = samples::make(schema, records, 7 + records);
        if (purge) content = samples::purged(std::move(content));
        const std::string path = folder.file(std::to_string(number++).c_str());
        REQUIRE(write_content(content, path));
        const auto file = encoded::File::open(path);
        if (!file) FAIL(file.error().what);
        check_equal(reference::content_of(*file), content);
        CHECK(slurp(path) == reference::encode_plain(content));
        for (const encoded::JoinHandle& h : content.handles)
          CHECK(file->record_of(h.handle) == h.record);
      }
}
