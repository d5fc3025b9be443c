// Written pass by pass, in an order drawn anew; read without opening a slip.
#include "engine/slips/slip_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/encoded/handle_index.h"
#include "engine/encoded/header_json.h"
#include "engine/encoded/join_section.h"
#include "engine/encoded/payload.h"
#include "engine/encoded/sealed_front.h"
#include "engine/encoded/section_bytes.h"
#include "engine/encoded/validate.h"
#include "engine/encoded/without_ssn.h"
#include "engine/seal/box.h"
#include "engine/slips/slip.h"

namespace tessera::slips {
namespace {

constexpr std::size_t kSealGrain = 256;

// One for each distinct tag: rows are sorted, so equal tags stand together.
std::vector<Mark> draw_marks(const encoded::PassView& rows, Random& random) {
  std::vector<Mark> out(rows.rows());
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = i > 0 && rows.tags[i] == rows.tags[i - 1] ? out[i - 1] : random.next64();
  return out;
}

// All slips of a pass, row order[i] in place i.
Bytes seal_pass(const encoded::PassView& rows, std::uint16_t pass, const std::vector<Mark>& marks,
                const std::vector<std::uint32_t>& order, const seal::PublicBytes& to) {
  const std::size_t size = sealed_slip_bytes(rows.stride);
  Bytes out(order.size() * size);
  parallel_for(order.size(), kSealGrain, [&](std::size_t begin, std::size_t end) {
    Bytes plain(plain_slip_bytes(rows.stride));
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t r = order[i];
      put_slip({rows.tags[r], rows.handles[r], marks[r], rows.presence[r],
                rows.ssn_tokens.empty() ? std::uint16_t{0} : rows.ssn_tokens[r], pass,
                rows.bits.data() + std::size_t{r} * rows.stride},
               rows.stride, plain.data());
      seal::seal_box(to, plain, std::span(out).subspan(i * size, size));
    }
    wipe(plain);
  });
  return out;
}

// The join section as sealed-v1 plans it.
encoded::Section plain_join_of(std::uint64_t records, std::uint64_t entries) {
  encoded::Section out;
  out.kind = encoded::SectionKind::join;
  out.rows = entries;
  out.length = encoded::length_of(out, records);
  return out;
}

// The same with what follows it in a file of slips: the sum of each record, with SSNs in the schema
// the sum without them too, and the record of each slip.
encoded::Section join_of(const schema::Schema& schema, std::uint64_t records,
                         std::uint64_t entries) {
  encoded::Section out = plain_join_of(records, entries);
  const std::uint64_t sums = schema.ssn ? 2 : 1;
  out.length += records * sums * sizeof(Checksum) + entries * sizeof(std::uint32_t);
  return out;
}

// Of each row of a pass its record.
Result<std::vector<std::uint32_t>> records_of(const encoded::PassView& rows,
                                              const std::vector<encoded::JoinHandle>& handles,
                                              const encoded::HandleIndex& index) {
  std::vector<std::uint32_t> out;
  out.reserve(rows.rows());
  for (const encoded::Handle h : rows.handles) {
    const std::size_t at = index.find(h);
    if (at == encoded::HandleIndex::kNone)
      return Error{ErrorCode::usage, "cannot write: an entry's handle is not in the join section",
                   ""};
    out.push_back(handles[at].record);
  }
  return out;
}

}  // namespace

Result<void> write_slips(const std::string& path, const encoded::Header& header,
                         const std::vector<encoded::PassColumns>& passes,
                         const std::vector<encoded::JoinRecord>& records,
                         const std::vector<encoded::JoinHandle>& handles,
                         const encoded::Sealing& sealing, Random& random,
                         AtomicFile::Options options) {
  TESSERA_CHECK(encoded::check_sealing(header, sealing));
  const encoded::HeldColumns held(passes, records, handles);
  TESSERA_CHECK(held.check(header.schema));
  if (header.schema.ssn && !held.tokens())
    return Error{ErrorCode::usage, "cannot write: the SSN tokens are missing", path};
  TESSERA_CHECK(encoded::counted(held, header.schema, header.schema.ssn));
  const encoded::Envelope envelope{
      sealing.collection,        sealing.expires,       records.size(),    handles.size(),
      sealing.owner->open.bytes, sealing.entries.bytes, sealing.join.bytes};
  TESSERA_TRY(const std::string text, encoded::header_to_json(header, &envelope));
  TESSERA_TRY(SignedWriter out, SignedWriter::create(path, kSlipFile, text, std::move(options)));
  Bytes counts;
  for (const encoded::PassColumns& p : passes) append_le<std::uint64_t>(counts, p.tags.size());
  out.write(counts);

  const encoded::HandleIndex index(handles);
  encoded::PayloadDigests payloads(records.size());
  encoded::PayloadDigests bare(records.size());
  std::vector<std::vector<std::uint32_t>> orders;
  Bytes slip_rows;  // of each slip its record
  for (std::size_t p = 0; p < passes.size(); ++p) {
    const encoded::PassView rows = passes[p].view();
    TESSERA_TRY(const std::vector<std::uint32_t> record, records_of(rows, handles, index));
    const auto number = static_cast<std::uint8_t>(p);
    payloads.add_pass(number, rows, record);
    if (header.schema.ssn)
      bare.add_pass(number, encoded::without_ssn(header.schema, p, rows), record);
    orders.push_back(shuffled(static_cast<std::uint32_t>(rows.rows()), random));
    for (const std::uint32_t r : orders.back()) append_le<std::uint32_t>(slip_rows, record[r]);
  }

  const encoded::Section join = join_of(header.schema, records.size(), handles.size());
  Bytes sealed;
  seal::SectionSealer sealer(
      sealing.join.bytes, encoded::bound_to(text, join), join.length,
      [&](ByteView bytes) { sealed.insert(sealed.end(), bytes.begin(), bytes.end()); });
  encoded::put_join(records, handles, [&](ByteView bytes) { sealer.add(bytes); });
  for (const Checksum& sum : payloads.finish()) sealer.add(sum);
  if (header.schema.ssn)
    for (const Checksum& sum : bare.finish()) sealer.add(sum);
  sealer.add(slip_rows);
  sealer.finish();
  out.write(sealer.box());
  out.write(sealed);
  out.pad();
  for (std::size_t p = 0; p < passes.size(); ++p) {
    const encoded::PassView rows = passes[p].view();
    const std::vector<Mark> marks = draw_marks(rows, random);
    out.write(
        seal_pass(rows, static_cast<std::uint16_t>(p), marks, orders[p], sealing.entries.bytes));
    out.pad();
  }
  return out.commit(*sealing.owner);
}

Result<SlipFile> SlipFile::open(const std::string& path, const encoded::Opening& opening) {
  TESSERA_TRY(SignedFile file, SignedFile::open(path, kSlipFile));
  SlipFile out(std::move(file));
  if (auto taken = out.take_parts(opening); !taken) {
    Error error = taken.error();
    if (!error.where.empty() && error.where != path) error.what = error.where + ": " + error.what;
    error.where = path;
    return error;
  }
  return out;
}

Result<void> SlipFile::take_parts(const encoded::Opening& opening) {
  auto bad = [](std::string what) { return Error{ErrorCode::format, std::move(what), ""}; };
  TESSERA_TRY(header_, encoded::header_from_json(file_.header(), &envelope_));
  TESSERA_CHECK(file_.verify(envelope_.signer));
  TESSERA_CHECK(encoded::check_trust(header_, envelope_, opening));
  const std::size_t passes = header_.schema.passes.size();
  ByteView left = file_.body();
  const encoded::Section join = join_of(header_.schema, envelope_.records, envelope_.entries);
  const std::uint64_t sealed = seal::sealed_length(join.length);
  if (left.size() < passes * 8 + seal::kBoxBytes + sealed)
    return bad("the file ends before its slips begin");
  std::uint64_t total = 0;
  std::uint64_t expected = encoded::padded(passes * 8 + seal::kBoxBytes + sealed);
  for (std::size_t p = 0; p < passes; ++p) {
    rows_.push_back(load_le<std::uint64_t>(left.data() + p * 8));
    if (rows_[p] > envelope_.entries)
      return bad("more slips in a pass than the header says in all");
    total += rows_[p];
    expected +=
        encoded::padded(rows_[p] * sealed_slip_bytes(schema::layout(header_.schema, p).stride));
  }
  if (total != envelope_.entries) return bad("not as many slips as the header says");
  if (expected != left.size()) return bad("not as long as its slips are");
  TESSERA_CHECK(open_join(left.subspan(passes * 8, seal::kBoxBytes),
                          left.subspan(passes * 8 + seal::kBoxBytes, sealed), opening));
  left = left.subspan(encoded::padded(passes * 8 + seal::kBoxBytes + sealed));
  for (std::size_t p = 0; p < passes; ++p) {
    const std::uint64_t size =
        rows_[p] * sealed_slip_bytes(schema::layout(header_.schema, p).stride);
    slips_.push_back(left.first(size));
    left = left.subspan(encoded::padded(size));
  }
  return check_counts();
}

Result<void> SlipFile::open_join(ByteView box, ByteView sealed, const encoded::Opening& opening) {
  TESSERA_TRY(const seal::KeyPair* pair, encoded::key_for(seal::Use::join, envelope_, opening));
  seal::KeyBox key_box{};
  std::ranges::copy(box, key_box.begin());
  const auto key = seal::open_box(key_box, *pair);
  const encoded::Section join = join_of(header_.schema, envelope_.records, envelope_.entries);
  Bytes plain(join.length);
  if (!key || !seal::open_section(*key, encoded::bound_to(file_.header(), join), sealed, plain))
    return Error{ErrorCode::crypto, "join: does not open; have it encoded again", ""};
  if (load_le<std::uint64_t>(plain.data()) != envelope_.records)
    return Error{ErrorCode::format, "join: not as many records as the header says", ""};
  const std::uint64_t front = plain_join_of(envelope_.records, envelope_.entries).length;
  TESSERA_CHECK(encoded::decode_join(ByteView(plain).first(front), join.rows, records_, handles_));
  take_slip_rows(ByteView(plain).subspan(front));
  wipe(plain);
  return encoded::validate_join({header_, {}, {}, records_, handles_});
}

void SlipFile::take_slip_rows(ByteView bytes) {
  const auto take_sums = [&](std::vector<Checksum>& out) {
    out.resize(records_.size());
    for (Checksum& sum : out) {
      std::ranges::copy(bytes.first(sum.size()), sum.begin());
      bytes = bytes.subspan(sum.size());
    }
  };
  take_sums(payloads_);
  if (header_.schema.ssn) take_sums(bare_payloads_);
  for (const std::uint64_t rows : rows_) {
    std::vector<std::uint32_t>& of = records_of_.emplace_back();
    for (std::uint64_t i = 0; i < rows; ++i)
      of.push_back(load_le<std::uint32_t>(bytes.data() + i * sizeof(std::uint32_t)));
    bytes = bytes.subspan(rows * sizeof(std::uint32_t));
  }
}

Result<void> SlipFile::check_counts() const {
  const auto bad = [](std::size_t record, const std::string& what) {
    return Error{ErrorCode::format, fmt::format("join: record {}: {}", record + 1, what), ""};
  };
  std::vector<std::uint64_t> entries(records_.size());
  for (const encoded::JoinHandle& h : handles_) ++entries[h.record];
  for (std::size_t p = 0; p < rows_.size(); ++p) {
    std::vector<std::uint64_t> slips(records_.size());
    for (const std::uint32_t r : records_of_[p]) {
      if (r >= slips.size())
        return Error{ErrorCode::format, "join: a slip is of a record that is not there", ""};
      ++slips[r];
    }
    const schema::Pass& pass = header_.schema.passes[p];
    for (std::size_t r = 0; r < slips.size(); ++r) {
      if (slips[r] < pass.least || slips[r] > pass.most)
        return bad(r, fmt::format("{} entries where the schema allows {} to {} in pass {}",
                                  slips[r], pass.least, pass.most, pass.name));
      entries[r] -= slips[r];  // below 0 it is no 0 either
    }
  }
  for (std::size_t r = 0; r < entries.size(); ++r)
    if (entries[r] != 0) return bad(r, "not as many handles as slips");
  return {};
}

}  // namespace tessera::slips
