// X.509 by OpenSSL: one key, one name, signed by itself.
#include "engine/keyserver/certificate.h"

#include <algorithm>
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace tessera::keyserver {
namespace {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, FreeWith<X509_free>>;
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;

bool is_host(const std::string& host) {
  return !host.empty() && host.size() <= 64 && host.front() != '-' &&
         std::ranges::all_of(host, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '-';
         });
}

bool add(X509* cert, int what, const std::string& value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()));
  return extension && X509_add_ext(cert, extension.get(), -1) == 1;
}

bool fill(X509* cert, EVP_PKEY* key, const std::string& host, int days) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  const bool address = host.find_first_not_of("0123456789.") == std::string::npos;
  X509_NAME* name = X509_get_subject_name(cert);
  return X509_set_version(cert, X509_VERSION_3) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial >> 1) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(cert), -3600) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * days) != nullptr &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(host.c_str()), -1, -1,
                                    0) == 1 &&
         X509_set_issuer_name(cert, name) == 1 && X509_set_pubkey(cert, key) == 1 &&
         add(cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
         add(cert, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
         add(cert, NID_ext_key_usage, "serverAuth") &&
         add(cert, NID_subject_alt_name, (address ? "IP:" : "DNS:") + host) &&
         X509_sign(cert, key, EVP_sha256()) > 0;
}

std::string pem_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

Result<Certificate> make_certificate(const std::string& host, int days) {
  if (!is_host(host))
    return Error{ErrorCode::usage, "a certificate is for a host's name or IPv4 address", ""};
  const Key key(EVP_EC_gen("P-256"));
  const Cert cert(X509_new());
  const Bio cert_text(BIO_new(BIO_s_mem()));
  const Bio key_text(BIO_new(BIO_s_secmem()));
  if (!key || !cert || !cert_text || !key_text || !fill(cert.get(), key.get(), host, days) ||
      PEM_write_bio_X509(cert_text.get(), cert.get()) != 1 ||
      PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1)
    return Error{ErrorCode::crypto, "OpenSSL could not make a certificate", ""};
  return Certificate{pem_of(cert_text.get()), pem_of(key_text.get())};
}

}  // namespace tessera::keyserver
