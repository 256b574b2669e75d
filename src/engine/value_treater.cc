#include "engine/value_treater.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "absl/strings/match.h"
#include "base/absl_view.h"
#include "base/check.h"
#include "engine/canonical_value.h"
#include "engine/encoded_windows.h"
#include "engine/guard_candidates.h"
#include "engine/percent_decode.h"
#include "record/combined_parser.h"
#include "record/json_text.h"
#include "treatment/ascii.h"
#include "treatment/free_text.h"
#include "treatment/identifier.h"
#include "treatment/number.h"
#include "treatment/timestamp.h"
#include "treatment/url.h"
#include "treatment/user_agent.h"

namespace nymstream {
namespace {

Result Dropped() { return Result(); }

Result Raw(bool from_input) {
  Result result;
  result.kind = ResultKind::kRaw;
  result.action = FieldAction::kKept;
  result.from_input = from_input;
  return result;
}

Result Text(std::string_view text, FieldAction action) {
  Result result;
  result.kind = ResultKind::kText;
  result.text = text;
  result.action = action;
  result.quoted = true;
  return result;
}

bool IsIdentifier(ValueType type) {
  return IdentifiesSubject(type) || type == ValueType::kPhone ||
         type == ValueType::kCredential || type == ValueType::kPayment;
}

// Values of these types are measures or words of a closed list, not
// identifiers: unless they are suppressed, nothing of them is looked for.
bool IsMeasure(ValueType type) {
  switch (type) {
    case ValueType::kTimestamp:
    case ValueType::kNumber:
    case ValueType::kEnum:
    case ValueType::kBoolean:
    case ValueType::kGeo:
    case ValueType::kAge:
      return true;
    default:
      return false;
  }
}

bool HoldsContact(ValueType type) {
  return type == ValueType::kEmail || type == ValueType::kPhone;
}

// What proxies write where they know no address.
bool IsUnknown(std::string_view text) {
  return absl::EqualsIgnoreCase(ToAbsl(text), "unknown");
}

// `written` without brackets, port and zone.
std::string_view BareAddress(std::string_view written) {
  if (written.starts_with('[')) {
    written.remove_prefix(1);
    written = written.substr(0, written.find(']'));
  } else if (const size_t colon = written.find(':');
             written.find(':', colon + 1) == std::string_view::npos) {
    written = written.substr(0, colon);
  }
  return written.substr(0, written.find('%'));
}

// An address as host names hold it: 192-0-2-1, 2001-db8--1.
std::string_view Hyphenated(std::string_view address, Arena* arena) {
  char* const begin = arena->Allocate(address.size());
  std::transform(address.begin(), address.end(), begin,
                 [](char c) { return c == '.' || c == ':' ? '-' : c; });
  return {begin, address.size()};
}

// The digits of a phone number, which may be written without all else.
std::string_view DigitsOf(std::string_view text, Arena* arena) {
  char* const begin = arena->Allocate(text.size());
  char* const end = std::copy_if(text.begin(), text.end(), begin,
                                 [](char c) { return c >= '0' && c <= '9'; });
  return {begin, static_cast<size_t>(end - begin)};
}

// What `text` encodes in base64 of either alphabet, padded or not; empty if it
// does not.
std::string_view Base64Decoded(std::string_view text, Arena* arena) {
  text = text.substr(0, text.find_last_not_of('=') + 1);
  char* const out = arena->Allocate(text.size());
  for (const int alphabet : {sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING}) {
    size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out), text.size(),
                          text.data(), text.size(), nullptr, &size, nullptr,
                          alphabet) == 0) {
      return {out, size};
    }
  }
  return {};
}

// Calls use(view) for `text` and for each layer of its percent-encoding that
// the leak guard undoes.
template <typename Use>
void ForEachPercentView(std::string_view text, Arena* arena, Use use) {
  use(text);
  ForEachPercentLayer(text, arena, nullptr, use);
}

// `text` as a form encodes it: '+' for a space, then percent-encoding.
std::string_view FormDecoded(std::string_view text, Arena* arena) {
  char* const begin = arena->Allocate(text.size());
  std::replace_copy(text.begin(), text.end(), begin, '+', ' ');
  return PercentDecode({begin, text.size()}, arena);
}

}  // namespace

DecodeFunction DecoderOf(LogFormat format) {
  return format == LogFormat::kJson ? &DecodeJsonString : &DecodeCombined;
}

struct ValueTreater::Value {
  const FieldRule& rule;
  const Element& element;
  std::string_view content;  // as it stands in the record
  std::string_view text;     // decoded
  const EpochSet* keys;
  Arena* arena;

  ValueType type() const { return rule.field->type; }
  bool IsString() const { return element.kind == ElementKind::kString; }
  const PseudonymKey& Key(const Variant& variant) const {
    return keys->Key(variant.keyed_release, rule.domain);
  }
};

ValueTreater::ValueTreater(LogFormat format,
                           std::shared_ptr<const CountryLookup> countries,
                           bool guarded)
    : decode_(DecoderOf(format)),
      countries_(std::move(countries)),
      guarded_(guarded) {}

void ValueTreater::Treat(const FieldRule& rule, const Element& element,
                         std::string_view content, const EpochSet* keys,
                         Arena* arena, std::vector<Result>* results,
                         std::vector<Candidate>* candidates) {
  const bool placeholder = element.kind == ElementKind::kString &&
                           !element.escaped && IsPlaceholder(content);
  if (placeholder) {
    results->insert(results->end(), rule.placeholders.begin(),
                    rule.placeholders.end());
    return;
  }
  Value value{rule, element, content, content, keys, arena};
  if (element.escaped) value.text = decode_(content, arena, &offsets_);
  original_facts_ = nullptr;
  withheld_addresses_ = 0;
  for (const Variant& variant : rule.variants) {
    edits_.clear();
    Result result = TreatVariant(value, variant);
    if (guarded_) {
      if (result.from_input && element.kind == ElementKind::kString) {
        result.facts = Describe(value, result);
      }
      AddCandidates(value, variant, result, candidates);
    }
    results->push_back(result);
  }
  if (withheld_addresses_ != 0) {
    AddAddresses(value, withheld_addresses_, candidates);
  }
}

const PieceFacts* ValueTreater::Describe(const Value& value,
                                         const Result& result) {
  if (value.element.escaped) return nullptr;
  const PieceFacts* const original = DescribeOriginal(value);
  const bool searched = result.cut_count == 0 || result.joined;
  if (result.kind != ResultKind::kText || !searched) return original;
  PieceFacts* const facts = value.arena->AllocateObjects<PieceFacts>(1).data();
  *facts = *original;
  ForEachPercentView(result.text, value.arena,
                     [&](std::string_view view) { facts->grams.Add(view); });
  return facts;
}

const PieceFacts* ValueTreater::DescribeOriginal(const Value& value) {
  if (original_facts_ != nullptr) return original_facts_;
  PieceFacts* const facts = value.arena->AllocateObjects<PieceFacts>(1).data();
  *facts = PieceFacts();
  facts->percent = HasPercent(value.content);
  windows_.clear();
  ForEachPercentView(value.content, value.arena, [&](std::string_view view) {
    facts->grams.Add(view);
    AddEncodedWindows(view, &windows_);
  });
  constexpr size_t kWindowsMax = 16;
  facts->any_window = windows_.size() > kWindowsMax;
  if (!facts->any_window) {
    facts->SetWindows(value.arena->CopyObjects<uint32_t>(windows_));
  }
  original_facts_ = facts;
  return facts;
}

Result ValueTreater::TreatVariant(const Value& value, const Variant& variant) {
  const Treatment treatment = variant.spec.treatment;
  if (treatment == Treatment::kSuppress) return Dropped();
  if (value.element.kind == ElementKind::kNull) return Raw(false);
  if (value.element.kind == ElementKind::kBoolean &&
      value.type() != ValueType::kBoolean) {
    return Dropped();
  }
  // A key that was destroyed after its epoch leaves nothing to treat with; the
  // record does not leave this release in any case.
  if (variant.keyed_release >= 0 &&
      (value.keys->destroyed >> variant.keyed_release & 1) != 0) {
    return Dropped();
  }
  if (IsPlaceholder(value.text) && value.IsString()) return Raw(false);
  switch (treatment) {
    case Treatment::kSuppress:
      break;
    case Treatment::kKeep:
      return Keep(value);
    case Treatment::kPseudonymize:
    case Treatment::kPseudonymizeAsAddress:
    case Treatment::kPrefixPreserving:
    case Treatment::kTruncate:
      return Pseudonym(value, variant);
    case Treatment::kCountry:
      return value.type() == ValueType::kGeo ? Keep(value)
                                             : Pseudonym(value, variant);
    case Treatment::kMinute:
    case Treatment::kHour:
      return Time(value, variant);
    case Treatment::kRedactIdentifiers:
    case Treatment::kRedactParameters:
    case Treatment::kPathOnly:
      return Edited(value, variant);
    case Treatment::kFamily: {
      char* out = value.arena->Allocate(kUserAgentFamilyMax);
      return Text({out, WriteUserAgentFamily(value.text, out)},
                  FieldAction::kGeneralized);
    }
    case Treatment::kAgeRange: {
      const auto age = ParseAge(value.text);
      return age ? Text(AgeRange(*age), FieldAction::kGeneralized) : Dropped();
    }
    case Treatment::kBuckets:
      return Number(value, variant);
  }
  return Dropped();
}

Result ValueTreater::Keep(const Value& value) {
  switch (value.type()) {
    case ValueType::kNumber:
      return IsPlainNumber(value.text) ? Raw(true) : Dropped();
    case ValueType::kBoolean:
      return value.element.kind == ElementKind::kBoolean ||
                     IsPlainBoolean(value.text)
                 ? Raw(false)
                 : Dropped();
    case ValueType::kEnum:
      return IsPlainEnum(value.text, value.rule.field->enum_values)
                 ? Raw(value.rule.field->enum_values.empty())
                 : Dropped();
    case ValueType::kTimestamp:
      return ParseTimestamp(value.text) ? Raw(false) : Dropped();
    case ValueType::kGeo: {
      if (value.rule.field->granularity == GeoGranularity::kCountry) {
        return IsCountryCode(value.text) ? Raw(false) : Dropped();
      }
      FindIdentifiers(value.text, &edits_);
      const bool plain = edits_.empty();
      edits_.clear();
      return plain ? Raw(true) : Dropped();
    }
    case ValueType::kIp:
    case ValueType::kIpPort: {
      size_t begin = 0;
      size_t end = 0;
      return IsUnknown(value.text) ||
                     ParseIpAddressWithPort(value.text, &begin, &end)
                 ? Raw(true)
                 : Dropped();
    }
    case ValueType::kIpList:
      return KeepAddresses(value);
    case ValueType::kMac:
      return ParseMacAddress(value.text) ? Raw(true) : Dropped();
    case ValueType::kEmail: {
      char* out = value.arena->Allocate(value.text.size());
      return CanonicalEmail(value.text, out) > 0 ? Raw(true) : Dropped();
    }
    case ValueType::kAge:
      return ParseAge(value.text) ? Raw(true) : Dropped();
    default:
      return Raw(true);
  }
}

// A list as it was written, but for what is no address.
Result ValueTreater::KeepAddresses(const Value& value) {
  SplitIpList(value.text, &list_);
  for (const IpListElement& element : list_) {
    if (element.address) continue;
    edits_.push_back(
        {element.begin, element.end, kRedacted, Detector::kListElement});
  }
  return EditedText(value, FieldAction::kPartRedacted);
}

Result ValueTreater::EditedText(const Value& value, FieldAction action) const {
  if (edits_.empty()) return Raw(true);
  Result result = Text(Splice(value), action);
  result.from_input = true;
  result.SetCuts(Cuts(value));
  result.joined =
      std::any_of(edits_.begin(), edits_.end(), [&](const Edit& edit) {
        return edit.text.empty() && edit.end < value.text.size();
      });
  return result;
}

std::span<const Cut> ValueTreater::Cuts(const Value& value) const {
  const std::span<Cut> cuts = value.arena->AllocateObjects<Cut>(edits_.size());
  std::transform(edits_.begin(), edits_.end(), cuts.begin(),
                 [](const Edit& edit) {
                   return Cut{edit.begin, edit.end};
                 });
  return cuts;
}

Result ValueTreater::Pseudonym(const Value& value, const Variant& variant) {
  switch (value.type()) {
    case ValueType::kIp:
    case ValueType::kIpPort:
      return Address(value, variant);
    case ValueType::kIpList:
      return AddressList(value, variant);
    default:
      break;
  }
  const std::string_view canonical =
      CanonicalValue(value.type(), value.text, value.arena);
  if (canonical.empty()) return Dropped();
  char* token = value.arena->Allocate(kTokenChars);
  value.Key(variant).Token(canonical, token);
  return Text({token, kTokenChars}, FieldAction::kPseudonymized);
}

std::string_view ValueTreater::AddressText(const Value& value,
                                           const Variant& variant,
                                           const IpAddress& address) const {
  IpAddress changed;
  switch (variant.spec.treatment) {
    case Treatment::kPseudonymize: {
      char* token = value.arena->Allocate(kTokenChars);
      value.Key(variant).Token(address.Canonical(), token);
      return {token, kTokenChars};
    }
    case Treatment::kPseudonymizeAsAddress:
      value.Key(variant).Address(address.Canonical(), changed.bytes);
      break;
    case Treatment::kPrefixPreserving:
      value.Key(variant).PrefixPreserving(address.bytes, changed.bytes);
      break;
    case Treatment::kTruncate:
      changed = TruncateIpAddress(address, variant.spec.prefix_v4,
                                  variant.spec.prefix_v6);
      break;
    case Treatment::kCountry: {
      const auto country = countries_->Find(address);
      return country ? value.arena->Copy({country->data(), country->size()})
                     : std::string_view();
    }
    default:
      return {};
  }
  char* text = value.arena->Allocate(kIpTextMax);
  return {text, FormatIpAddress(changed, text)};
}

Result ValueTreater::Address(const Value& value, const Variant& variant) {
  size_t begin = 0;
  size_t end = 0;
  if (IsUnknown(value.text)) return Raw(false);
  const auto address = ParseIpAddressWithPort(value.text, &begin, &end);
  if (!address) return Dropped();
  const std::string_view text = AddressText(value, variant, *address);
  if (text.empty()) return Dropped();
  return Text(text, variant.keyed_release >= 0 ? FieldAction::kPseudonymized
                                               : FieldAction::kGeneralized);
}

Result ValueTreater::AddressList(const Value& value, const Variant& variant) {
  SplitIpList(value.text, &list_);
  for (const IpListElement& element : list_) {
    std::string_view text = kRedacted;
    if (element.address) {
      text = AddressText(value, variant, *element.address);
      if (text.empty()) text = kRedacted;
    }
    edits_.push_back(
        {element.begin, element.end, text, Detector::kListElement});
  }
  Result result =
      EditedText(value, variant.keyed_release >= 0 ? FieldAction::kPseudonymized
                                                   : FieldAction::kGeneralized);
  // Beside its elements a list holds what separates and names them.
  result.SetCuts({});
  return result;
}

Result ValueTreater::Time(const Value& value, const Variant& variant) const {
  const auto time = ParseTimestamp(value.text);
  if (!time) return Dropped();
  constexpr size_t kSlack = 8;  // what TruncateTimestamp asks for
  char* out = value.arena->Allocate(value.text.size() + kSlack);
  const TimeUnit unit = variant.spec.treatment == Treatment::kMinute
                            ? TimeUnit::kMinute
                            : TimeUnit::kHour;
  Result result = Text({out, TruncateTimestamp(value.text, *time, unit, out)},
                       FieldAction::kGeneralized);
  result.quoted = value.IsString();
  return result;
}

Result ValueTreater::Number(const Value& value, const Variant& variant) const {
  constexpr size_t kBucketTextMax = 32;
  char* out = value.arena->Allocate(kBucketTextMax);
  const size_t size = BucketOf(value.text, variant.spec.buckets, out);
  if (size == 0) return Dropped();
  Result result = Text({out, size}, FieldAction::kGeneralized);
  result.quoted = value.IsString() || !IsJsonNumber(result.text);
  return result;
}

Result ValueTreater::Edited(const Value& value, const Variant& variant) {
  switch (variant.spec.treatment) {
    case Treatment::kRedactParameters:
      FindUrlEdits(value.text, UrlTreatment::kRedactParameters,
                   value.rule.field->keep_parameters, &edits_);
      break;
    case Treatment::kPathOnly:
      FindUrlEdits(value.text, UrlTreatment::kPathOnly,
                   value.rule.field->keep_parameters, &edits_);
      break;
    default:
      if (value.type() == ValueType::kUserAgent) {
        FindUserAgentEdits(value.text, &edits_);
      } else {
        FindIdentifiers(value.text, &edits_);
      }
  }
  return EditedText(value, FieldAction::kPartRedacted);
}

std::string_view ValueTreater::Splice(const Value& value) const {
  size_t size = value.content.size();
  for (const Edit& edit : edits_) size += edit.text.size();
  char* const begin = value.arena->Allocate(size);
  char* out = begin;
  size_t done = 0;
  const auto raw = [&](uint32_t at) -> size_t {
    return value.element.escaped ? offsets_[at] : at;
  };
  const auto append = [&](std::string_view bytes) {
    std::memcpy(out, bytes.data(), bytes.size());
    out += bytes.size();
  };
  for (const Edit& edit : edits_) {
    const size_t edit_begin = raw(edit.begin);
    NYM_CHECK(edit_begin >= done && edit.end <= value.text.size());
    append(value.content.substr(done, edit_begin - done));
    append(edit.text);
    done = raw(edit.end);
  }
  append(value.content.substr(done));
  const auto used = static_cast<size_t>(out - begin);
  value.arena->Return(size - used);
  return {begin, used};
}

void ValueTreater::AddAddresses(const Value& value, ReleaseMask releases,
                                std::vector<Candidate>* candidates) {
  AddCandidate(value.text, releases, true, candidates);
  SplitIpList(value.text, &list_);
  for (const IpListElement& element : list_) {
    const std::string_view written =
        value.text.substr(element.begin, element.end - element.begin);
    const auto add = [&](std::string_view text) {
      if (text != value.text) {
        AddCandidate(text, releases, true, candidates);
      }
    };
    add(written);
    if (!element.address) continue;
    const std::string_view bare = BareAddress(written);
    if (bare != written) add(bare);
    char* out = value.arena->Allocate(kIpTextMax);
    const std::string_view canonical(out,
                                     FormatIpAddress(*element.address, out));
    if (canonical != bare) add(canonical);
    if (canonical.size() >= kGuardedPieceBytesMin) {
      add(Hyphenated(canonical, value.arena));
    }
  }
}

void ValueTreater::AddParts(const Value& value, const Variant& variant,
                            std::vector<Candidate>* candidates) {
  const auto add = [&](std::string_view part) {
    if (part.size() >= kGuardedPieceBytesMin && part.size() < value.text.size())
      AddCandidate(part, variant.releases, true, candidates);
  };
  if (value.type() == ValueType::kPhone) add(DigitsOf(value.text, value.arena));
  FindIdentifiers(value.text, &edits_);
  for (const Edit& edit : edits_) {
    const std::string_view found =
        value.text.substr(edit.begin, edit.end - edit.begin);
    add(found);
    if (edit.detector == Detector::kEmail)
      add(found.substr(0, found.find('@')));
  }
  edits_.clear();
}

void ValueTreater::AddCredential(const Value& value, const Variant& variant,
                                 std::vector<Candidate>* candidates) {
  const size_t begin = value.text.find_last_of(' ') + 1;  // npos + 1 == 0
  const std::string_view scheme = TrimBlanks(value.text.substr(0, begin));
  const std::string_view pair =
      Base64Decoded(value.text.substr(begin), value.arena);
  const size_t colon = std::min(pair.find(':'), pair.size());
  // What is base64 by chance has short parts as well.
  const size_t shortest = absl::EqualsIgnoreCase(ToAbsl(scheme), "basic")
                              ? kGuardedWordBytesMin
                              : kGuardedPieceBytesMin;
  for (const std::string_view part :
       {pair.substr(0, colon), pair.substr(std::min(colon + 1, pair.size()))}) {
    if (part.size() < shortest) continue;
    AddCredentialPart(part, variant.releases, candidates);
  }
}

void ValueTreater::AddUserinfo(std::string_view userinfo,
                               const Variant& variant,
                               std::vector<Candidate>* candidates) {
  const size_t colon = userinfo.find(':');
  if (colon == std::string_view::npos) return;
  for (const std::string_view part :
       {userinfo.substr(0, colon), userinfo.substr(colon + 1)}) {
    AddCredentialPart(part, variant.releases, candidates);
  }
}

void ValueTreater::AddCandidates(const Value& value, const Variant& variant,
                                 const Result& result,
                                 std::vector<Candidate>* candidates) {
  if (result.kind == ResultKind::kRaw) return;
  const ValueType type = value.type();
  const bool dropped = result.kind == ResultKind::kDrop;
  if (IsMeasure(type) && !dropped) return;
  const bool identifier = IsIdentifier(type);
  // A list that was kept but for what is no address.
  const bool addresses_kept = result.action == FieldAction::kPartRedacted;
  if (IsAddress(type) && !addresses_kept) {
    withheld_addresses_ |= variant.releases;
    return;
  }
  if (edits_.empty()) {
    AddCandidate(value.text, variant.releases, identifier, candidates);
    if (HoldsContact(type)) AddParts(value, variant, candidates);
    if (type == ValueType::kCredential) {
      AddCredential(value, variant, candidates);
    }
    if (identifier && type != ValueType::kCredential) return;
    AddCandidatePieces(value.text, variant.releases, candidates);
    return;
  }
  for (const Edit& edit : edits_) {
    const std::string_view removed =
        value.text.substr(edit.begin, edit.end - edit.begin);
    const bool parameter = edit.detector == Detector::kUrlParameter;
    if (!parameter || removed.size() >= kGuardedPieceBytesMin) {
      AddCandidate(removed, variant.releases, identifier, candidates);
    }
    if (parameter && removed.find_first_of("%+") != std::string_view::npos) {
      AddCandidate(FormDecoded(removed, value.arena), variant.releases,
                   identifier, candidates);
    }
    if (edit.detector == Detector::kCredential) {
      AddUserinfo(removed, variant, candidates);
    }
    if (parameter || edit.detector == Detector::kUrlUnparseable) {
      AddCandidatePieces(removed, variant.releases, candidates);
    }
  }
}

}  // namespace nymstream
