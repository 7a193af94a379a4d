# weft_room(NAME [DEPENDS target...]): one static library of all *.cc below the current folder and
# one test program of all *_test.cc. Adding a file to a room needs no change here.
#
# In the presets asan and tsan (WEFT_SANITIZER_BUILD) the target `sanitized_tests` builds only the
# test programs that the sanitizer concerns: ASAN in the call makes a room part of asan; tsan takes
# the test suites whose names match TSAN, those that run OS threads.
option(WEFT_SANITIZER_BUILD "Build only the tests that the sanitizer of this preset concerns" OFF)
set(WEFT_SANITIZER "" CACHE STRING "asan or tsan, set by the presets")
add_custom_target(sanitized_tests)
function(weft_room name)
  cmake_parse_arguments(ARG "ASAN" "TSAN" "DEPENDS;EXCLUDE;TEST_DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|_main\\.cc$|_bench\\.cc$|_fuzz\\.cc$")
  # cmd_bench.cc and cmd_fuzz.cc are subcommands, not programs.
  file(GLOB commands CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/cmd_*.cc)
  list(APPEND sources ${commands})
  list(REMOVE_DUPLICATES sources)
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  foreach(pattern ${ARG_EXCLUDE})
    list(FILTER sources EXCLUDE REGEX "${pattern}")
    list(FILTER tests EXCLUDE REGEX "${pattern}")
  endforeach()
  if(sources)
    add_library(weft_${name} STATIC ${sources})
    target_link_libraries(weft_${name} PUBLIC ${ARG_DEPENDS} Threads::Threads fmt::fmt)
  else()
    add_library(weft_${name} INTERFACE)
    target_link_libraries(weft_${name} INTERFACE ${ARG_DEPENDS})
  endif()
  if(WEFT_TESTS AND tests)
    add_executable(weft_${name}_test ${tests})
    target_link_libraries(weft_${name}_test PRIVATE weft_${name} ${ARG_TEST_DEPENDS} GTest::gtest_main)
    target_compile_definitions(weft_${name}_test PRIVATE WEFT_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                               WEFT_BINARY_DIR="${CMAKE_BINARY_DIR}")
    set(filter "*")
    if(WEFT_SANITIZER_BUILD)
      if(WEFT_SANITIZER STREQUAL "tsan" AND ARG_TSAN)
        set(filter "${ARG_TSAN}")
      elseif(NOT (WEFT_SANITIZER STREQUAL "asan" AND ARG_ASAN))
        set_target_properties(weft_${name}_test PROPERTIES EXCLUDE_FROM_ALL ON)
        return()
      endif()
      add_dependencies(sanitized_tests weft_${name}_test)
    endif()
    gtest_discover_tests(weft_${name}_test TEST_FILTER "${filter}" DISCOVERY_TIMEOUT 120
                         PROPERTIES TIMEOUT 300 LABELS "${WEFT_SANITIZER}")
  endif()
endfunction()
