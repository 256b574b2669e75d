// Vectors of ipcrypt-pfx: draft-denis-ipcrypt (commit e525566, 2026-03-15),
// section "ipcrypt-pfx Test Vectors".
#ifndef NYMSTREAM_TESTS_UNIT_SECRET_PREFIX_VECTORS_H_
#define NYMSTREAM_TESTS_UNIT_SECRET_PREFIX_VECTORS_H_

namespace nymstream {

struct PrefixVector {
  const char* key;  // hex
  const char* address;
  const char* encrypted;
};

inline constexpr char kFirstPrefixKey[] =
    "0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301";
inline constexpr char kSecondPrefixKey[] =
    "2b7e151628aed2a6abf7158809cf4f3ca9f5ba40db214c3798f2e1c23456789a";

inline constexpr PrefixVector kPrefixVectors[] = {
    {kFirstPrefixKey, "0.0.0.0", "151.82.155.134"},
    {kFirstPrefixKey, "255.255.255.255", "94.185.169.89"},
    {kFirstPrefixKey, "192.0.2.1", "100.115.72.131"},
    {kFirstPrefixKey, "2001:db8::1", "c180:5dd4:2587:3524:30ab:fa65:6ab6:f88"},
    {kSecondPrefixKey, "10.0.0.47", "19.214.210.244"},
    {kSecondPrefixKey, "10.0.0.129", "19.214.210.80"},
    {kSecondPrefixKey, "10.0.0.234", "19.214.210.30"},
    {kSecondPrefixKey, "172.16.5.193", "210.78.229.136"},
    {kSecondPrefixKey, "172.16.97.42", "210.78.179.241"},
    {kSecondPrefixKey, "172.16.248.177", "210.78.121.215"},
    {kSecondPrefixKey, "2001:db8::a5c9:4e2f:bb91:5a7d",
     "7cec:702c:1243:f70:1956:125:b9bd:1aba"},
    {kSecondPrefixKey, "2001:db8::7234:d8f1:3c6e:9a52",
     "7cec:702c:1243:f70:a3ef:c8e:95c1:cd0d"},
    {kSecondPrefixKey, "2001:db8::f1e0:937b:26d4:8c1a",
     "7cec:702c:1243:f70:443c:c8e:6a62:b64d"},
    {kSecondPrefixKey, "2001:db8:3a5c:0:e7d1:4b9f:2c8a:f673",
     "7cec:702c:3503:bef:e616:96bd:be33:a9b9"},
    {kSecondPrefixKey, "2001:db8:9f27:0:b4e2:7a3d:5f91:c8e6",
     "7cec:702c:a504:b74e:194a:3d90:b047:2d1a"},
    {kSecondPrefixKey, "2001:db8:d8b4:0:193c:a5e7:8b2f:46d1",
     "7cec:702c:f840:aa67:1b8:e84f:ac9d:77fb"},
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_SECRET_PREFIX_VECTORS_H_
