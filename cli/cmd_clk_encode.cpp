// tessera clk encode: a table of people to CLKs, byte for byte as clkhash makes them.
#include <memory>

#include <fmt/format.h>

#include "cli/clk_verbs.h"
#include "cli/paths.h"
#include "cli/say.h"
#include "engine/clk/encode_table.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/core/secret.h"

namespace tessera::cli {
namespace clk_encode_verb {
namespace {

struct Options {
  std::string table, schema, secret_file, output;
  bool strict = false, no_header = false, ignore_header = false, no_validate = false, force = false;
  bool json = false;
};

struct Wiped {
  std::string text;
  ~Wiped() { wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}); }
};

Result<int> run(const Options& o) {
  if (o.no_header && o.ignore_header)
    return Error{ErrorCode::usage, "--no-header and --ignore-header exclude each other", ""};
  if (o.json && o.output == "-")
    return Error{ErrorCode::usage, "--json and the CLKs cannot both go to standard output", ""};
  TESSERA_CHECK(check_paths({{o.table, o.schema, o.secret_file}, {o.output}, o.force}));
  TESSERA_TRY(const std::string schema_text, read_file(o.schema));
  TESSERA_TRY(clk::LinkageSchema schema,
              clk::load_linkage_schema(schema_text, o.schema, {o.strict}));
  for (const std::string& warning : schema.warnings) say_warning(warning);
  Wiped secret;
  TESSERA_TRY(secret.text, read_file(o.secret_file, std::size_t{1} << 20));
  if (secret.text.ends_with('\n'))
    say_warning(
        "the secret file ends in a line end, which is taken as part of the secret; clkhash's "
        "command would not have had it");
  TESSERA_TRY(
      const clk::Encoder encoder,
      clk::Encoder::create(std::move(schema), as_bytes(secret.text), {!o.no_validate, o.strict}));
  TESSERA_TRY(AtomicFile out, AtomicFile::create(o.output, {.force = o.force, .mode = 0600}));
  const clk::Header header = o.no_header       ? clk::Header::none
                             : o.ignore_header ? clk::Header::ignore
                                               : clk::Header::check;
  const auto progress = progress_bar();
  const auto write = [&](std::string_view part) { out.write(part); };
  std::uint64_t rows = 0;
  if (o.table == "-") {
    TESSERA_TRY(const std::string text, read_file(o.table));
    TESSERA_TRY(const clk::EncodeTally tally,
                clk::encode_table(text, "standard input", encoder, header, write, *progress));
    rows = tally.rows;
  } else {
    TESSERA_TRY(const MappedFile file, MappedFile::open(o.table));
    TESSERA_TRY(const clk::EncodeTally tally, clk::encode_table(as_text(file.view()), o.table,
                                                                encoder, header, write, *progress));
    rows = tally.rows;
  }
  TESSERA_CHECK(out.commit());
  if (o.json) {
    fmt::print("{}", json::to_text(json::Object{
                         {"clks", json::Value(rows)},
                         {"bits", json::Value(std::uint64_t{encoder.schema().length})}}));
    return kDone;
  }
  say_note(fmt::format("{} CLKs of {} bits written; they are weak, keep them as you keep names",
                       rows, encoder.schema().length));
  return kDone;
}

}  // namespace
}  // namespace clk_encode_verb

void add_clk_encode(CLI::App& group, Action& chosen) {
  using namespace clk_encode_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand("encode", "make CLKs from a table, identical to clkhash's");
  verb->add_option("TABLE", o->table, "CSV in UTF-8; '-' is standard input")->required();
  verb->add_option("--schema", o->schema, "clkhash linkage schema, version 1, 2 or 3")->required();
  verb->add_option("--secret-file", o->secret_file, "file whose bytes, all of them, are the secret")
      ->required();
  verb->add_option("-o,--output", o->output, "JSON file to write; '-' is standard output")
      ->required();
  verb->add_flag(
      "--strict", o->strict,
      "follow the documentation where clkhash does not: honour xorFolds, pad years, round "
      "fractions as written (CLKs then differ from clkhash's)");
  verb->add_flag("--no-header", o->no_header, "the table has no header line");
  verb->add_flag("--ignore-header", o->ignore_header, "skip the header line without checking it");
  verb->add_flag("--no-validate", o->no_validate, "do not check cells against the schema");
  verb->add_flag("--json", o->json, "print the figures of the run as JSON");
  verb->add_flag("--force", o->force, "replace an existing output");
  verb->footer(std::string(kClkWarning) +
               "\n\nExample:\n  tessera clk encode people.csv --schema schema.json --secret-file "
               "secret -o clks.json");
  verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
