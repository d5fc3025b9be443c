// Findings kept by their worst seed; people drawn and mixed.
#include "engine/attack/trial.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "engine/attack/seed_random.h"
#include "engine/encode/decoys.h"
#include "engine/report/intervals.h"
#include "engine/schema/key_part.h"

namespace tessera::attack {
namespace {

constexpr double kSure = 0.95;
constexpr double kAboveChance = 0.999;

bool above_chance(const Finding& f) {
  const double least = 1 - report::clopper_pearson_upper(f.of - f.right, f.of, kAboveChance);
  return least > f.chance / static_cast<double>(f.of);
}

}  // namespace

Finding* Trial::like(const Finding& finding) {
  for (Finding& f : findings)
    if (f.id == finding.id && f.attack == finding.attack && f.target == finding.target &&
        f.setting == finding.setting)
      return &f;
  return nullptr;
}

void Trial::add(Finding finding) {
  Finding* before = like(finding);
  if (before == nullptr)
    findings.push_back(std::move(finding));
  else if (finding.pooled || finding.success > before->success)
    *before = std::move(finding);
}

void Trial::add_share(Finding finding, std::uint64_t right, std::uint64_t of) {
  finding.right = right;
  finding.of = of;
  if (const Finding* before = like(finding); finding.pooled && before != nullptr) {
    finding.right += before->right;
    finding.of += before->of;
    finding.chance += before->chance;
  }
  const std::uint64_t n = finding.of;
  const auto all = static_cast<double>(n);
  finding.success = n == 0 ? 0 : static_cast<double>(finding.right) / all;
  finding.bound = finding.control ? 1 - report::clopper_pearson_upper(n - finding.right, n, kSure)
                                  : report::clopper_pearson_upper(finding.right, n, kSure);
  if (finding.pooled && finding.bar && n > 0 && above_chance(finding))
    finding.bar = std::min(*finding.bar, finding.chance / all);
  add(std::move(finding));
}

Result<TrialFolder> TrialFolder::make(const Trial& trial) {
  if (trial.plan.scratch.empty())
    return Error{ErrorCode::usage, "P6 and P11 keep files, and need a folder for them", ""};
  std::string folder = fmt::format("{}/{}-{}", trial.plan.scratch, trial.schema.name, trial.seed);
  std::error_code failed;
  std::filesystem::remove_all(folder, failed);
  std::filesystem::create_directories(folder, failed);
  if (failed) return Error{ErrorCode::io, "cannot make this folder: " + failed.message(), folder};
  return TrialFolder(std::move(folder));
}

TrialFolder::~TrialFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<std::vector<record::Fields>> Trial::people(std::uint32_t count, std::uint32_t first,
                                                  std::uint16_t owner, std::uint32_t state) const {
  Draw draw;
  draw.seed = seed;
  draw.state_people = state != 0 ? state : std::max(count, first);
  draw.first = first;
  draw.count = count;
  draw.owner = owner;
  return draw_people(names, schema, draw, progress);
}

Overlap overlap_of(const schema::Schema& schema, std::span<const record::Fields> roster,
                   double overlap, double decoy_share, std::uint64_t seed) {
  Overlap out;
  Splitmix rng(seed, 71);
  auto order = shuffled(static_cast<std::uint32_t>(roster.size()), rng);
  out.real = static_cast<std::uint64_t>(std::llround(overlap * static_cast<double>(roster.size())));
  order.resize(out.real);
  const auto fakes = static_cast<std::size_t>(decoy_share * static_cast<double>(out.real));
  std::vector<record::Fields> fake;
  if (fakes > 0) {
    std::vector<record::Fields> own;
    own.reserve(order.size());
    for (const std::uint32_t r : order) own.push_back(roster[r]);
    Secret<32> owner;
    SeedRandom(seed).fill(owner.fill());
    fake = encode::decoys(schema, own, fakes, owner);
  }
  order.insert(order.end(), fakes, kNoClaim);
  shuffle(order, rng);
  for (const std::uint32_t r : order) {
    out.truth.push_back(r);
    if (r != kNoClaim) {
      out.victims.push_back(roster[r]);
      continue;
    }
    out.victims.push_back(std::move(fake.back()));
    fake.pop_back();
  }
  return out;
}

std::uint64_t count_right(std::span<const std::uint32_t> claims,
                          std::span<const std::uint32_t> truth) {
  std::uint64_t right = 0;
  for (std::size_t i = 0; i < claims.size(); ++i)
    right += claims[i] != kNoClaim && claims[i] == truth[i];
  return right;
}

Result<schema::Schema> loose_schema(const schema::Schema& like) {
  schema::Schema out = like;
  out.name = "four loose passes";
  out.passes.clear();
  const std::vector<std::vector<std::string>> keys{
      {"dob", "initial(first)"},
      {"dob", "initial(last)"},
      {"phonetic(first)", "phonetic(last)", "year(dob)"},
      {"phonetic(last)", "month_day(dob)"}};
  for (std::size_t p = 0; p < keys.size(); ++p) {
    schema::Pass pass = like.passes.front();
    pass.name = "loose" + std::to_string(p + 1);
    pass.key.clear();
    pass.text.clear();
    pass.least = 1;
    for (const std::string& text : keys[p]) {
      TESSERA_TRY(schema::KeyPart part, schema::parse_key_part(text, out));
      pass.key.push_back(std::move(part));
      pass.text += (pass.text.empty() ? "" : " + ") + text;
    }
    out.passes.push_back(std::move(pass));
  }
  return out;
}

}  // namespace tessera::attack
