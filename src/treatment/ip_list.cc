#include "treatment/ip_list.h"

#include <array>

#include "treatment/ascii.h"

namespace nymstream {
namespace {

bool IsSeparator(char c) {
  return c == ',' || c == ';' || c == ' ' || c == '\t';
}

// What logs and proxies write where they know no address; a lone colon
// separates groups in nginx's $upstream_addr.
bool IsPlaceholder(std::string_view text) {
  return text.empty() || text == "-" || text == ":" ||
         EqualsIgnoreCase(text, "unknown");
}

bool IsProtocol(std::string_view text) {
  constexpr std::array<std::string_view, 4> kProtocols = {"http", "https", "ws",
                                                          "wss"};
  for (const std::string_view protocol : kProtocols) {
    if (EqualsIgnoreCase(text, protocol)) return true;
  }
  return false;
}

enum class Parameter : uint8_t { kNode, kHost, kProtocol, kOther };

Parameter ParameterOf(std::string_view name) {
  if (EqualsIgnoreCase(name, "for") || EqualsIgnoreCase(name, "by")) {
    return Parameter::kNode;
  }
  if (EqualsIgnoreCase(name, "host")) return Parameter::kHost;
  if (EqualsIgnoreCase(name, "proto")) return Parameter::kProtocol;
  return Parameter::kOther;
}

class Splitter {
 public:
  Splitter(std::string_view text, std::vector<IpListElement>* elements)
      : text_(text), elements_(elements) {}

  void Run() {
    while (at_ < text_.size()) {
      if (IsSeparator(text_[at_])) {
        ++at_;
      } else {
        Token();
      }
    }
  }

 private:
  // A node, quoted or not, or a parameter with its value.
  void Token() {
    const size_t begin = at_;
    while (at_ < text_.size() && !IsSeparator(text_[at_]) &&
           text_[at_] != '=' && text_[at_] != '"') {
      ++at_;
    }
    Parameter parameter = Parameter::kNode;
    size_t value = begin;
    if (at_ < text_.size() && text_[at_] == '=') {
      parameter = ParameterOf(text_.substr(begin, at_ - begin));
      value = ++at_;
    }
    SkipValue();
    if (parameter == Parameter::kOther) {
      // An unknown name may be an identifier itself.
      elements_->push_back({static_cast<uint32_t>(begin),
                            static_cast<uint32_t>(at_), std::nullopt});
      return;
    }
    AddValue(value, at_, parameter);
  }

  // To the end of the token; separators inside quotes are part of it.
  void SkipValue() {
    bool quoted = false;
    for (; at_ < text_.size() && (quoted || !IsSeparator(text_[at_])); ++at_) {
      if (text_[at_] == '"') quoted = !quoted;
    }
  }

  void AddValue(size_t begin, size_t end, Parameter parameter) {
    if (end - begin >= 2 && text_[begin] == '"' && text_[end - 1] == '"') {
      ++begin;
      --end;
    }
    const std::string_view value = text_.substr(begin, end - begin);
    if (IsPlaceholder(value)) return;
    if (parameter == Parameter::kProtocol && IsProtocol(value)) return;
    IpListElement element{static_cast<uint32_t>(begin),
                          static_cast<uint32_t>(end), std::nullopt};
    if (parameter == Parameter::kNode) {
      // The element is the whole value: what may stand beside the address
      // inside quotes goes with it.
      size_t unused_begin = 0;
      size_t unused_end = 0;
      element.address =
          ParseIpAddressWithPort(value, &unused_begin, &unused_end);
    }
    elements_->push_back(element);
  }

  const std::string_view text_;
  std::vector<IpListElement>* const elements_;
  size_t at_ = 0;
};

}  // namespace

void SplitIpList(std::string_view text, std::vector<IpListElement>* elements) {
  elements->clear();
  Splitter(text, elements).Run();
}

}  // namespace nymstream
