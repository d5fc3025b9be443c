// Magic, version, header, body, signature; hashed as it is written, and whole before it is read.
#include "engine/slips/signed_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/encoded/sections.h"

namespace tessera::slips {
namespace {

constexpr std::uint32_t kFileVersion = 1;
constexpr std::size_t kFixed = 16;  // magic, version, length of the header

}  // namespace

Result<SignedWriter> SignedWriter::create(const std::string& path, const Sort& sort,
                                          std::string_view header, AtomicFile::Options options) {
  if (path == "-")
    return Error{ErrorCode::usage,
                 fmt::format("{} cannot go to standard output; name a file", sort.name), ""};
  TESSERA_TRY(AtomicFile file, AtomicFile::create(path, options));
  SignedWriter out(std::move(file), sort.context);
  Bytes fixed(sort.magic.begin(), sort.magic.end());
  append_le<std::uint32_t>(fixed, kFileVersion);
  append_le<std::uint32_t>(fixed, static_cast<std::uint32_t>(header.size()));
  out.write(fixed);
  out.write(as_bytes(header));
  out.pad();
  return out;
}

void SignedWriter::write(ByteView bytes) {
  digest_.update(bytes);
  file_.write(bytes);
}

void SignedWriter::pad() {
  constexpr std::array<std::uint8_t, 8> kZeros{};
  write(ByteView(kZeros).first(encoded::padded(file_.size()) - file_.size()));
}

Result<void> SignedWriter::commit(const seal::KeyPair& signer) {
  pad();
  file_.write(seal::sign(signer, context_, digest_.finish()));
  return file_.commit();
}

Result<SignedFile> SignedFile::open(const std::string& path, const Sort& sort) {
  auto refuse = [&](std::string what) { return Error{ErrorCode::format, std::move(what), path}; };
  TESSERA_TRY(MappedFile mapped, MappedFile::open(path));
  const ByteView file = mapped.view();
  if (file.size() < kFixed + sizeof(seal::Signature) || !encoded::begins_with(file, sort.magic))
    return refuse(fmt::format("not {}", sort.name));
  if (file[7] != sort.magic[7] || load_le<std::uint32_t>(file.data() + 8) != kFileVersion)
    return refuse("a version this tessera does not know; a newer one may");
  const ByteView said = file.first(file.size() - sizeof(seal::Signature));
  const std::uint64_t length = load_le<std::uint32_t>(file.data() + 12);
  const std::uint64_t front = encoded::padded(kFixed + length);
  if (length == 0 || length > encoded::kLongestHeader || front > said.size())
    return refuse("the length of its header is out of range; copy the file again");
  if (!encoded::all_zero(said.subspan(kFixed + length, front - kFixed - length)))
    return refuse("the padding of its header is not zero");
  SignedFile out(std::move(mapped));
  out.path_ = path;
  out.header_ = as_text(said.subspan(kFixed, length));
  out.body_ = said.subspan(front);
  out.digest_ = sha256(said);
  std::copy_n(said.data() + said.size(), out.signature_.size(), out.signature_.begin());
  out.context_ = sort.context;
  return out;
}

Result<void> SignedFile::verify(const seal::PublicBytes& key) const {
  if (seal::verify(key, context_, digest_, signature_)) return {};
  return Error{ErrorCode::crypto,
               "the signature does not hold: the file was changed, cut short or signed by another",
               path_};
}

}  // namespace tessera::slips
