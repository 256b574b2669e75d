# nymstream_layer(<name> [HOT] SOURCES ... DEPENDS ... [PRIVATE_DEPENDS ...])
# One static library for one folder of src/. DEPENDS names what its headers
# show (layers above it, libraries); the arrows between folders are tested by
# tests/layering.
function(nymstream_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "HOT" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS")
  add_library(nymstream_${name} STATIC ${arg_SOURCES})
  target_include_directories(nymstream_${name} PUBLIC
    ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(nymstream_${name}
    PUBLIC ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS} nymstream_options)
  if(arg_HOT AND CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    # Every record goes through: more is inlined.
    target_compile_options(nymstream_${name} PRIVATE -O3)
  endif()
  if(NYMSTREAM_TIDY)
    set_target_properties(nymstream_${name} PROPERTIES
      CXX_CLANG_TIDY "clang-tidy;--quiet;--extra-arg=-Wno-unknown-warning-option")
  endif()
endfunction()

# nymstream_test(<name> SOURCES ... DEPENDS ... [THREADS])
# One GoogleTest program per source folder or subject, registered as one ctest
# test; tests/unit/<layer>/CMakeLists.txt call it. With THREADS it also runs
# under ThreadSanitizer (preset tsan builds only these).
function(nymstream_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "THREADS" "" "SOURCES;DEPENDS")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE
    NYMSTREAM_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} nymstream_options
    GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(arg_THREADS)
    set_tests_properties(${name} PROPERTIES LABELS threads)
    add_dependencies(threaded_tests ${name})
  endif()
endfunction()

# nymstream_fuzzer(<name> SOURCES ... DEPENDS ...)
# One libFuzzer target; its seeds are the files of tests/fuzz/seeds/<name>.
# Preset fuzz searches for some seconds; every other build runs the seeds once.
function(nymstream_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS")
  set(seeds ${PROJECT_SOURCE_DIR}/tests/fuzz/seeds/${name})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} nymstream_options)
  if(NYMSTREAM_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(found ${CMAKE_CURRENT_BINARY_DIR}/${name}.found)
    file(MAKE_DIRECTORY ${found})
    add_test(NAME ${name} COMMAND ${name} -max_total_time=5 -timeout=5
      -rss_limit_mb=1024 -print_final_stats=1 ${found} ${seeds})
    set_tests_properties(${name} PROPERTIES LABELS fuzz)
    add_dependencies(fuzzers ${name})
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/run_seeds.cc)
    add_test(NAME ${name} COMMAND ${name} ${seeds})
  endif()
endfunction()
