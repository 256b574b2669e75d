# Flags belong to targets: every target of ours links nymstream_options.
add_library(nymstream_options INTERFACE)
target_compile_options(nymstream_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wnon-virtual-dtor -Wimplicit-fallthrough -Werror
  -fstack-protector-strong -fcf-protection)
target_compile_options(nymstream_options INTERFACE
  $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
target_link_options(nymstream_options INTERFACE -Wl,-z,relro,-z,now)
# Position-independent code that nobody replaces at run time: functions of one
# file may be inlined in each other.
target_compile_options(nymstream_options INTERFACE -fno-semantic-interposition)
if(NYMSTREAM_SANITIZE)
  target_compile_options(nymstream_options INTERFACE
    -fsanitize=${NYMSTREAM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(nymstream_options INTERFACE -fsanitize=${NYMSTREAM_SANITIZE})
endif()
if(NYMSTREAM_FUZZ)
  target_compile_options(nymstream_options INTERFACE
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  target_link_options(nymstream_options INTERFACE -fsanitize=address,undefined)
endif()
