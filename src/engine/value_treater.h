// Treats one value for every variant of its field.
#ifndef NYMSTREAM_ENGINE_VALUE_TREATER_H_
#define NYMSTREAM_ENGINE_VALUE_TREATER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/edit_list.h"
#include "engine/epoch_keys.h"
#include "engine/field_rules.h"
#include "engine/treated_value.h"
#include "nymstream/log_schema.h"
#include "record/parsed_record.h"
#include "treatment/country_lookup.h"
#include "treatment/ip_address.h"
#include "treatment/ip_list.h"

namespace nymstream {

// Decodes the escapes of a record format; see DecodeJsonString.
using DecodeFunction = std::string_view (*)(std::string_view, Arena*,
                                            std::vector<uint32_t>*);
DecodeFunction DecoderOf(LogFormat format);

// One thread per object. Cost: that of the treatment; no allocation once warm.
class ValueTreater {
 public:
  // Without `guarded` nothing is found out for the leak guard.
  ValueTreater(LogFormat format, std::shared_ptr<const CountryLookup> countries,
               bool guarded);

  // Appends one Result per variant of `rule`, and the candidates that the value
  // gives. `content` is the element's content. `keys` may be null if no variant
  // is keyed. What is appended lives as long as `arena` and the record.
  void Treat(const FieldRule& rule, const Element& element,
             std::string_view content, const EpochSet* keys, Arena* arena,
             std::vector<Result>* results, std::vector<Candidate>* candidates);

 private:
  struct Value;  // one value with what is known of it

  // Finds out what the leak guard wants to know of a string that leaves.
  const PieceFacts* Describe(const Value& value, const Result& result);
  // The same of the value as it stands in the record, whatever leaves of it.
  const PieceFacts* DescribeOriginal(const Value& value);
  Result TreatVariant(const Value& value, const Variant& variant);
  Result Keep(const Value& value);
  Result Pseudonym(const Value& value, const Variant& variant);
  Result Address(const Value& value, const Variant& variant);
  Result AddressList(const Value& value, const Variant& variant);
  Result Time(const Value& value, const Variant& variant) const;
  Result Edited(const Value& value, const Variant& variant);
  Result Number(const Value& value, const Variant& variant) const;
  // Text that stands for `address`; empty if there is none.
  std::string_view AddressText(const Value& value, const Variant& variant,
                               const IpAddress& address) const;
  // `value` with edits_ applied to its raw bytes.
  std::string_view Splice(const Value& value) const;
  Result KeepAddresses(const Value& value);
  // The value with edits_ applied; raw if there are none.
  Result EditedText(const Value& value, FieldAction action) const;
  // The spans of edits_.
  std::span<const Cut> Cuts(const Value& value) const;
  // The value, and each address in it by itself: as written, without brackets
  // and port, and by RFC 5952, since it may be written in any of these ways
  // elsewhere.
  void AddAddresses(const Value& value, ReleaseMask releases,
                    std::vector<Candidate>* candidates);
  // Addresses and numbers inside an e-mail or phone field, the digits of a
  // phone number, the local part of an address: what may stand alone elsewhere.
  void AddParts(const Value& value, const Variant& variant,
                std::vector<Candidate>* candidates);
  // User and password of basic credentials (RFC 7617).
  void AddCredential(const Value& value, const Variant& variant,
                     std::vector<Candidate>* candidates);
  // User and password of a URL.
  static void AddUserinfo(std::string_view userinfo, const Variant& variant,
                          std::vector<Candidate>* candidates);
  void AddCandidates(const Value& value, const Variant& variant,
                     const Result& result, std::vector<Candidate>* candidates);

  DecodeFunction decode_;
  std::shared_ptr<const CountryLookup> countries_;
  bool guarded_;
  std::vector<uint32_t> offsets_;
  EditList edits_;
  std::vector<uint32_t> windows_;
  // Of the value in hand.
  const PieceFacts* original_facts_ = nullptr;
  ReleaseMask withheld_addresses_ = 0;  // releases that must not hold them
  std::vector<IpListElement> list_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_VALUE_TREATER_H_
