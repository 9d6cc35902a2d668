# Tests, benchmarks and examples.

# gradus_test(<name> <file.cpp>… [LIBRARIES <target>…]): a GoogleTest program whose cases are tests of CTest.
function(gradus_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" LIBRARIES)
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  gradus_own(${name})
  # The library is optimised, its tests need not be: at -O3 their many EXPECTs take half as long again to compile.
  target_compile_options(${name} PRIVATE -O1)
  target_compile_definitions(${name} PRIVATE GRADUS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE gradus::gradus ${arg_LIBRARIES} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 300 PROPERTIES TIMEOUT 600)
endfunction()

# gradus_watch_loops(<target>): every parallel loop comes by the program; see bench/workloads/watched_loops.h.
function(gradus_watch_loops target)
  target_link_options(${target} PRIVATE LINKER:--wrap=_ZN6gradus8parallel3runEllPFvPKvllES2_)
endfunction()

# gradus_bench(<name> <file.cpp>… [LIBRARIES <target>…]): a Google Benchmark program.
function(gradus_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" LIBRARIES)
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  gradus_own(${name})
  target_link_libraries(${name} PRIVATE gradus::gradus ${arg_LIBRARIES} benchmark::benchmark)
endfunction()

# gradus_example(<name> [LIBRARIES <target>…] [TEST_ARGUMENTS <argument>…]): <name>.cpp, built and run as a test.
function(gradus_example name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES;TEST_ARGUMENTS")
  add_executable(example_${name} ${name}.cpp)
  set_target_properties(example_${name} PROPERTIES OUTPUT_NAME ${name})
  gradus_own(example_${name})
  target_link_libraries(example_${name} PRIVATE gradus::gradus ${arg_LIBRARIES})
  add_test(NAME example.${name} COMMAND example_${name} ${arg_TEST_ARGUMENTS})
endfunction()

include(GoogleTest)
