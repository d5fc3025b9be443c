// Rows in, CLKs out: the schema, the keys, and a memo of what was hashed before.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clk/hashing.h"
#include "engine/clk/linkage_schema.h"

namespace tessera::clk {

struct EncoderOptions {
  bool validate = true;  // check cells against the schema's formats
  bool strict = false;   // SchemaOptions::strict, for values
};

// What all threads share. Immutable, thread safe.
class Encoder {
 public:
  static Result<Encoder> create(LinkageSchema schema, ByteView secret, EncoderOptions options);
  const LinkageSchema& schema() const { return schema_; }
  const FeatureKeys& keys() const { return keys_; }
  const EncoderOptions& options() const { return options_; }

 private:
  Encoder(LinkageSchema schema, FeatureKeys keys, EncoderOptions options)
      : schema_(std::move(schema)), keys_(std::move(keys)), options_(options) {}
  LinkageSchema schema_;
  FeatureKeys keys_;
  EncoderOptions options_;
};

// One thread's encoder: not thread safe. The encoder must outlive it.
class RowEncoder {
 public:
  static Result<RowEncoder> create(const Encoder& encoder);
  RowEncoder(RowEncoder&&) noexcept;
  RowEncoder& operator=(RowEncoder&&) noexcept;
  ~RowEncoder();

  // The CLK of a row: ceil(length / 8) bytes, bit 0 the most significant of byte 0, valid until
  // the next call. Errors name the column and the rule, never the cell; `where` is left empty.
  Result<ByteView> encode(const std::vector<std::string_view>& cells);

 private:
  struct State;
  explicit RowEncoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tessera::clk
