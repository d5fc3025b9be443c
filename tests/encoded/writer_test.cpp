// Writer and reader: what goes in comes out, whole files only, and nothing damaged is let in.
#include "engine/encoded/writer.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/resource.h>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "engine/encoded/project.h"
#include "engine/encoded/reader.h"
#include "engine/encoded/section_bytes.h"
#include "engine/encoded/source.h"
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

TEST_CASE("the same content gives the same bytes for any number of threads") {
  const Folder folder;
  const reference::Content content = samples::make(samples::kWideSchema, 300, 3);
  for (const std::size_t n : {1, 2, 4}) {
    set_threads(n);
    REQUIRE(write_content(content, folder.file("out"), {.force = true}));
    CHECK(slurp(folder.file("out")) == reference::encode_plain(content));
  }
  set_threads(0);
}

TEST_CASE("an existing file is replaced only with force; a full disk leaves what was there") {
  const Folder folder;
  const std::string path = folder.file("out.tess");
  const reference::Content first = samples::make(samples::kSmallSchema, 3, 1);
  const reference::Content second = samples::make(samples::kSmallSchema, 90, 2);
  REQUIRE(write_content(first, path));
  const auto refused = write_content(second, path);
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::usage);
  CHECK(slurp(path) == reference::encode_plain(first));
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const std::size_t size = reference::encode_plain(second).size();
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{63}, size / 2, size - 1}) {
    const rlimit full{bytes, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &full);
    const auto failed = write_content(second, path, {.force = true});
    const auto failed_new = write_content(second, folder.file("new.tess"));
    setrlimit(RLIMIT_FSIZE, &before);
    REQUIRE(!failed);
    CHECK(failed.error().code == ErrorCode::io);
    CHECK(!failed_new);
    CHECK(slurp(path) == reference::encode_plain(first));
    CHECK(folder.count() == 1);
  }
  signal(SIGXFSZ, SIG_DFL);
  REQUIRE(write_content(second, path, {.force = true}));
  CHECK(slurp(path) == reference::encode_plain(second));
  CHECK(folder.count() == 1);
}

TEST_CASE("columns that do not fit are refused before anything is written") {
  const Folder folder;
  auto refuse = [&](auto&& change) {
    reference::Content c = samples::make(samples::kSmallSchema, 5, 4);
    change(c);
    const auto done = write_content(c, folder.file("out"));
    REQUIRE(!done);
    CHECK(done.error().code == ErrorCode::usage);
    CHECK(folder.count() == 0);
  };
  refuse([](reference::Content& c) { c.passes.pop_back(); });
  refuse([](reference::Content& c) { c.handles.pop_back(); });
  refuse([](reference::Content& c) { c.passes[0].presence.pop_back(); });
  refuse([](reference::Content& c) { c.passes[0].bits.pop_back(); });
  refuse([](reference::Content& c) { c.passes[0].stride = 8; });
  refuse([](reference::Content& c) { c.passes[1].ssn_tokens.clear(); });
  refuse([](reference::Content& c) { c.header.owner = "a b"; });
  refuse([](reference::Content& c) { c.header.owner = std::string(65, 'x'); });
  refuse([](reference::Content& c) { c.header.created = "2026-13-01"; });
}

namespace {

// Rows that are counted, and other bytes than they would make.
class Liar final : public encoded::Source {
 public:
  Liar(const reference::Content& c, encoded::SectionKind where, std::size_t more)
      : held_(c.passes, c.records, c.handles), where_(where), more_(more) {}
  std::uint64_t records() const override { return held_.records(); }
  std::uint64_t rows(std::size_t pass) const override { return held_.rows(pass); }
  bool tokens() const override { return true; }
  void put(const encoded::Section& section, const encoded::Sink& sink) override {
    held_.put(section, sink);
    if (section.kind == where_) sink(Bytes(more_));
  }

 private:
  encoded::HeldColumns held_;
  encoded::SectionKind where_;
  std::size_t more_;
};

}  // namespace

TEST_CASE("a source that gives other bytes than it counted leaves no file; nor does '-'") {
  const Folder folder;
  const reference::Content c = samples::make(samples::kSmallSchema, 5, 4);
  using encoded::SectionKind;
  for (const auto where : {SectionKind::entries, SectionKind::join, SectionKind::ssn_tokens})
    for (const std::size_t more : {0U, 1U, 8U}) {
      Liar source(c, where, more);
      const auto done = encoded::write(folder.file("out"), c.header, source, {.force = true});
      CHECK(done.has_value() == (more == 0));
      if (!done) CHECK(done.error().code == ErrorCode::usage);
    }
  CHECK(slurp(folder.file("out")) == reference::encode_plain(c));
  CHECK(folder.count() == 1);
  const auto refused = write_content(c, "-");
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::usage);
}

TEST_CASE("files of one project meet, others say what differs") {
  auto open_as = [](const reference::Content& content, const char* name, Bytes& bytes) {
    bytes = reference::encode_plain(content);
    auto file = encoded::File::parse(bytes, name);
    REQUIRE(file);
    return *std::move(file);
  };
  const reference::Content content = samples::make(samples::kSmallSchema, 2, 1);
  Bytes a_bytes;
  const encoded::File a = open_as(content, "a.tess", a_bytes);
  auto said = [&](auto&& change, const char* schema = nullptr) -> std::string {
    reference::Content other = schema != nullptr ? samples::make(schema, 2, 1) : content;
    change(other);
    Bytes bytes;
    const encoded::File b = open_as(other, "b.tess", bytes);
    const auto met = encoded::require_same_project(a.header(), a.path(), b.header(), b.path());
    if (met) return "";
    CHECK(met.error().code == ErrorCode::conflict);
    CHECK(met.error().where == "b.tess");
    CHECK(met.error().what.find("a.tess") != std::string::npos);
    return met.error().what;
  };
  CHECK(said([](reference::Content& c) { c.header.owner = "other"; }) == "");
  CHECK(said([](reference::Content& c) { c = samples::purged(c); }) == "");
  CHECK(said([](reference::Content& c) { c.header.population = encoded::Population::wage; }) == "");
  CHECK(said([](reference::Content& c) { c.header.key_check[3] ^= 1; }).find("key") !=
        std::string::npos);
  CHECK(said([](reference::Content& c) {
          c.header.protection = encoded::Protection::oprf;
        }).find("protection") != std::string::npos);
  CHECK(said([](reference::Content&) {}, samples::kWideSchema.data()).find("schema") !=
        std::string::npos);
}

TEST_CASE("the digest names the content") {
  const reference::Content content = samples::make(samples::kSmallSchema, 3, 1);
  const Bytes a = reference::encode_plain(content);
  const Bytes b = reference::encode_plain(samples::make(samples::kSmallSchema, 3, 2));
  reference::Content renamed = content;
  renamed.header.owner = "district-8";
  const Bytes c = reference::encode_plain(renamed);
  auto digest = [](const Bytes& bytes) { return encoded::File::parse(bytes, "f")->digest(); };
  CHECK(digest(a) == digest(a));
  CHECK(digest(a) != digest(b));
  CHECK(digest(a) != digest(c));
}
