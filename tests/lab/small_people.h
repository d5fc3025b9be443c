// A population with a dozen names, and schemas with keys as a test asks for them.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/lab/public_people.h"
#include "engine/schema/key_part.h"
#include "engine/schema/schema.h"

namespace tessera::lab {

inline constexpr int kYears = 6;  // two periods of given names

inline void write_table(const std::filesystem::path& folder, const char* file,
                        const std::string& text) {
  std::ofstream(folder / file) << text;
}

// A dozen names, so that blocks are large and a plain count is soon exact.
inline const NameTables& small_tables() {
  static const NameTables made = [] {
    std::string pattern = (std::filesystem::temp_directory_path() / "names_XXXXXX").string();
    const std::filesystem::path folder = ::mkdtemp(pattern.data());
    write_table(folder, "given_names.csv",
                "births_from,sex,name,count\n2000,F,Anna,50\n2000,F,Beth,30\n2000,F,Cara,20\n"
                "2000,M,Bob,40\n2000,M,Carl,60\n2010,F,Dora,70\n2010,F,Beth,30\n2010,M,Bob,80\n"
                "2010,M,Evan,20\n");
    write_table(folder, "given_names_by_ethnicity.csv",
                "name,sex,ethnicity,count\nMaria,F,hispanic,9\nJose,M,hispanic,9\n");
    write_table(
        folder, "surnames.csv",
        "name,count,white,black,hispanic,asian,native,two_or_more\nSmith,90,700,250,20,10,10,10\n"
        "Garcia,60,50,10,920,10,5,5\nLopez,40,50,10,920,10,5,5\nNguyen,20,20,5,5,960,5,5\n"
        "Carl,5,600,300,20,20,30,30\nBrown,30,580,350,20,10,20,20\n");
    write_table(folder, "nicknames.csv", "name,nickname\n");
    write_table(folder, "similar.csv", "sex,name,similar\n");
    write_table(folder, "variants.csv", "kind,name,variant\n");
    write_table(folder, "spellings.csv", "kind,plain,spelled\n");
    write_table(folder, "phonetic.csv", "where,from,to\nall,h,\n");
    write_table(folder, "ocr.csv", "from,to\ng,9\n");
    write_table(folder, "keyboard.csv", "key,neighbours\nq,was\n");
    auto loaded = NameTables::load(folder.string());
    std::filesystem::remove_all(folder);
    REQUIRE(loaded.has_value());
    return *std::move(loaded);
  }();
  return made;
}

inline const PublicPeople& small_people() {
  static const PublicPeople made(small_tables(), Rates{}, kYears);
  return made;
}

inline schema::Schema with_keys(const std::vector<std::vector<std::string>>& keys) {
  schema::Schema s = *schema::load("default");
  s.passes.clear();
  for (const auto& parts : keys) {
    schema::Pass pass;
    pass.name = "pass" + std::to_string(s.passes.size());
    pass.most = 12;
    for (const std::string& text : parts) {
      auto part = schema::parse_key_part(text, s);
      REQUIRE(part.has_value());
      pass.key.push_back(*part);
      pass.text += text;
    }
    s.passes.push_back(pass);
  }
  return s;
}

}  // namespace tessera::lab
