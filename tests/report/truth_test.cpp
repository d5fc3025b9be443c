#include "engine/lab/truth.h"

#include <filesystem>
#include <map>
#include <set>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/core/random.h"
#include "engine/lab/key_index.h"
#include "engine/lab/linked.h"

using namespace tessera;
using namespace tessera::lab;

namespace {

// A folder that goes when the test does.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("truth-test-{}-{}", getpid(), next_++)) {
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name, const std::string& text) const {
    const std::string path = (path_ / name).string();
    REQUIRE(write_file(path, text, {.force = true, .mode = 0600}).has_value());
    return path;
  }

 private:
  std::filesystem::path path_;
  static inline int next_ = 0;
};

std::string key(int n) { return fmt::format("{:032x}", n); }
constexpr const char* kPairsHead =
    "left_owner,left_record,right_owner,right_record,weight,probability\n";
constexpr const char* kMarker = "MARKER-7731";

// Every error of reading these texts, which must name no value.
std::string error_of(const std::string& map, const std::string& truth, const std::string& pairs,
                     const std::string& groups = "") {
  const Folder folder;
  Silent silent;
  auto mapped = Mapped::read({{"", folder.file("a.map", map)}}, silent);
  std::string said;
  auto take = [&](const auto& result) {
    if (!result)
      said += result.error().where.substr(result.error().where.rfind('/') + 1) + ": " +
              result.error().what;
  };
  take(mapped);
  if (mapped && !pairs.empty()) take(read_pairs(folder.file("pairs.csv", pairs), *mapped, silent));
  if (mapped)
    take(read_truth(*mapped, folder.file("truth.csv", truth),
                    groups.empty() ? "" : folder.file("groups.csv", groups), false, silent));
  CHECK(said.find(kMarker) == std::string::npos);
  CHECK(said.find("0000000000000000000000000000000") == std::string::npos);
  return said;
}

}  // namespace

TEST_CASE("the index agrees with a map") {
  Splitmix random(5);
  KeyIndex index;
  std::map<Key16, std::uint32_t> plain;
  for (int i = 0; i < 5000; ++i) {
    Key16 k{};
    k[3] = static_cast<std::uint8_t>(random.below(40));
    k[9] = static_cast<std::uint8_t>(random.below(40));
    const auto added = index.add(k);
    const auto [at, fresh] = plain.try_emplace(k, static_cast<std::uint32_t>(plain.size()));
    CHECK(added.fresh == fresh);
    CHECK(added.number == at->second);
  }
  CHECK(index.size() == plain.size());
  for (const auto& [k, number] : plain) CHECK(index.find(k) == number);
  Key16 absent{};
  absent[0] = 1;
  CHECK_FALSE(index.find(absent).has_value());
}

TEST_CASE("two owners who use the same local IDs are kept apart by what was linked") {
  const Folder folder;
  Silent silent;
  const auto a = folder.file("a.map", "record,local_id\n" + key(9) + ",1\n" + key(2) + ",2\n");
  const auto b = folder.file("b.map", "record,local_id\n" + key(3) + ",1\n" + key(4) + ",2\n");
  auto mapped = Mapped::read({{"", a}, {"", b}}, silent);
  REQUIRE(mapped.has_value());
  const auto pairs = read_pairs(
      folder.file("p.csv", kPairsHead + ("south," + key(3) + ",north," + key(9) + ",5.5,0.75\n")),
      *mapped, silent);
  REQUIRE(pairs.has_value());
  REQUIRE(pairs->pairs.size() == 1);
  CHECK(pairs->pairs[0].probability == 0.75);
  CHECK(pairs->pairs[0].weight == 5.5);
  const auto known = read_truth(
      *mapped,
      folder.file("t.csv",
                  "owner,local_id,person\nnorth,1,p\nnorth,2,q\nsouth,1,p\nsouth,2,r\nsouth,3,q\n"),
      folder.file("g.csv", "owner,local_id,sex\nnorth,1,F\nsouth,1,F\nnorth,2,M\n"), false, silent);
  REQUIRE(known.has_value());
  // In the order of the keys: 2 (north 2), 3 (south 1), 4 (south 2), 9 (north 1).
  const auto& person = known->people.person;
  CHECK(person[1] == person[3]);
  CHECK(person[0] != person[1]);
  CHECK(known->people.owner[0] == known->people.owner[3]);
  CHECK(known->people.owner[0] != known->people.owner[1]);
  CHECK_FALSE(known->people.within);
  CHECK(known->unmapped == 1);
  CHECK(known->true_pairs_in_all == 2);
  CHECK(report::true_pairs(known->people) == 1);
  REQUIRE(known->groups.size() == 1);
  CHECK(known->groups[0].values == std::vector<std::string>{"F", "M", "not given"});
  CHECK(known->groups[0].value == std::vector<std::uint32_t>{1, 0, 2, 0});
}

TEST_CASE("a map that nothing was linked from gets its owner from the truth, or asks") {
  const Folder folder;
  Silent silent;
  const auto a = folder.file("a.map", "record,local_id\n" + key(1) + ",a1\n");
  auto mapped = Mapped::read({{"", a}}, silent);
  REQUIRE(mapped.has_value());
  const auto known =
      read_truth(*mapped, folder.file("t.csv", "owner,local_id,person\nnorth,a1,p\nsouth,b1,p\n"),
                 "", false, silent);
  REQUIRE(known.has_value());
  CHECK(known->people.person[0] != report::kNobody);
  CHECK(known->people.within);  // one owner only: then pairs inside it count
  const auto both =
      read_truth(*mapped, folder.file("u.csv", "owner,local_id,person\nnorth,a1,p\nsouth,a1,q\n"),
                 "", false, silent);
  REQUIRE_FALSE(both.has_value());
  CHECK(both.error().what.find("OWNER=FILE") != std::string::npos);
  auto named = Mapped::read({{"south", a}}, silent);
  REQUIRE(named.has_value());
  CHECK(read_truth(*named, folder.file("u.csv", "owner,local_id,person\nnorth,a1,p\nsouth,a1,q\n"),
                   "", false, silent)
            .has_value());
}

TEST_CASE("an owner's second submission may repeat its records") {
  const Folder folder;
  Silent silent;
  const auto a = folder.file("a.map", "record,local_id\n" + key(1) + ",a1\n");
  const auto b = folder.file("b.map", "record,local_id\n" + key(1) + ",a1\n" + key(2) + ",a2\n");
  const auto mapped = Mapped::read({{"n", a}, {"n", b}}, silent);
  REQUIRE(mapped.has_value());
  CHECK(mapped->size() == 2);
}

TEST_CASE("faults are named by line and never by value") {
  const std::string map = "record,local_id\n" + key(1) + ",one\n" + key(2) + "," + kMarker + "\n";
  const std::string truth = std::string("owner,local_id,person\nn,one,p\nn,") + kMarker + ",q\n";
  const std::string row = "n," + key(1) + ",n," + key(2) + ",1,0.5\n";
  CHECK(error_of(map, truth, kPairsHead + row) == "");
  CHECK(error_of("record,local_id\n" + std::string(kMarker) + ",x\n", truth, "").find("a.map:2") ==
        0);
  CHECK(error_of(map + key(2) + ",other\n", truth, "").find("a.map:4: column record") == 0);
  CHECK(error_of(map + key(3) + "," + kMarker + "\n", truth, "").find("a.map:4: column local_id") ==
        0);
  CHECK(error_of(map, truth + "n," + kMarker + ",p\n", "").find("truth.csv:4") == 0);
  CHECK(error_of(map, truth + "n,x,\n", "").find("truth.csv:4: column person") == 0);
  CHECK(error_of(map, std::string("owner,local,person\n"), "").find("missing column") !=
        std::string::npos);
  CHECK(error_of(map, truth, kPairsHead + row + "n," + key(1) + ",n," + key(1) + ",1,0.5\n")
            .find("pairs.csv:3") == 0);
  CHECK(
      error_of(map, truth, kPairsHead + ("n," + key(1) + "," + kMarker + "," + key(2) + ",1,0.5\n"))
          .find("pairs.csv:2: the owner") == 0);
  for (const char* bad : {"1.5", "-0.1", "nan", "", "0.5x", kMarker})
    CHECK(error_of(map, truth, kPairsHead + ("n," + key(1) + ",n," + key(2) + ",1," + bad + "\n"))
              .find("pairs.csv:2: column probability") == 0);
  CHECK(error_of(map, truth, kPairsHead + ("n," + key(1) + ",n," + key(2) + ",inf,0.5\n"))
            .find("column weight") != std::string::npos);
  std::string groups = "owner,local_id,name\n";
  std::string many = truth;
  for (int i = 0; i < 201; ++i) {
    many += fmt::format("n,l{},p{}\n", i, i);
    groups += fmt::format("n,l{},{}{}\n", i, kMarker, i);
  }
  CHECK(error_of(map, many, "", groups).find("groups.csv:202: column 3") == 0);
}

TEST_CASE("rows of records in no map are counted, not believed") {
  const Folder folder;
  Silent silent;
  auto mapped =
      Mapped::read({{"n", folder.file("a.map", "record,local_id\n" + key(1) + ",a\n")}}, silent);
  REQUIRE(mapped.has_value());
  const auto pairs =
      read_pairs(folder.file("p.csv", kPairsHead + ("n," + key(1) + ",s," + key(2) + ",1,0.5\n")),
                 *mapped, silent);
  REQUIRE(pairs.has_value());
  CHECK(pairs->unmapped == 1);
  CHECK(pairs->pairs.empty());
  const auto clusters =
      read_clusters(folder.file("c.csv", "cluster,owner,record,probability\nc1,n," + key(1) +
                                             ",0.9\nc1,s," + key(2) + ",0.9\n"),
                    *mapped, silent);
  REQUIRE(clusters.has_value());
  CHECK(clusters->unmapped == 1);
  CHECK(clusters->cluster[0] == 0);
  const auto twice = read_clusters(
      folder.file("c.csv", "cluster,owner,record\nc1,n," + key(1) + "\nc2,n," + key(1) + "\n"),
      *mapped, silent);
  CHECK_FALSE(twice.has_value());
}

TEST_CASE("ids.csv with and without the optional column") {
  const Folder folder;
  Silent silent;
  auto mapped = Mapped::read(
      {{"n", folder.file("a.map", "record,local_id\n" + key(1) + ",a\n" + key(2) + ",b\n")}},
      silent);
  REQUIRE(mapped.has_value());
  const std::string rows[] = {"n," + key(1) + ",1234567890,existing,0.9",
                              "n," + key(2) + ",,review,"};
  const auto plain = read_ids(folder.file("i.csv", "owner,record,state_id,status,probability\n" +
                                                       rows[0] + "\n" + rows[1] + "\n"),
                              *mapped, silent);
  REQUIRE(plain.has_value());
  REQUIRE(plain->rows.size() == 2);
  CHECK(plain->rows[0].by_score);
  CHECK(plain->rows[1].id == report::kNoId);
  const auto told =
      read_ids(folder.file("i.csv", "owner,record,state_id,status,probability,decided_by\n" +
                                        rows[0] + ",record key\n" + rows[1] + ",score\n"),
               *mapped, silent);
  REQUIRE(told.has_value());
  CHECK_FALSE(told->rows[0].by_score);
  const auto odd =
      read_ids(folder.file("i.csv", "owner,record,state_id,status\nn," + key(1) + ",1,maybe\n"),
               *mapped, silent);
  CHECK_FALSE(odd.has_value());
}
