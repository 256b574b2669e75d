# nymstream_layer(<name> SOURCES ... DEPENDS ... [PRIVATE_DEPENDS ...])
# One static library for one folder of src/. DEPENDS names what its headers
# show (layers above it, libraries); the arrows between folders are tested by
# tests/layering.
function(nymstream_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS")
  add_library(nymstream_${name} STATIC ${arg_SOURCES})
  target_include_directories(nymstream_${name} PUBLIC
    ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(nymstream_${name}
    PUBLIC ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS} nymstream_options)
  if(NYMSTREAM_TIDY)
    set_target_properties(nymstream_${name} PROPERTIES
      CXX_CLANG_TIDY "clang-tidy;--quiet;--extra-arg=-Wno-unknown-warning-option")
  endif()
endfunction()

# nymstream_test(<name> SOURCES ... DEPENDS ... [ARGS ...])
# One GoogleTest program per source folder or subject, registered as one ctest
# test; tests/unit/<layer>/CMakeLists.txt call it.
function(nymstream_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE
    NYMSTREAM_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} nymstream_options
    GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()
