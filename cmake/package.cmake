# The reference as a library for others: headers, the static library, a CMake package; and the test
# that builds the program of docs/embedding.md against an installed copy.
include(CMakePackageConfigHelpers)
set(weft_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/weft)

set_target_properties(weft_reference PROPERTIES EXPORT_NAME reference)
target_include_directories(weft_reference INTERFACE $<INSTALL_INTERFACE:include/weft>)
target_compile_features(weft_reference INTERFACE cxx_std_20)
install(TARGETS weft_reference EXPORT weftTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        COMPONENT library)
install(DIRECTORY reference DESTINATION include/weft COMPONENT library
        FILES_MATCHING PATTERN "*.h" PATTERN "*.def"
        PATTERN "testing.h" EXCLUDE PATTERN "testing" EXCLUDE PATTERN "test_bytes.h" EXCLUDE PATTERN "*_for_tests.h" EXCLUDE)
install(EXPORT weftTargets NAMESPACE weft:: DESTINATION ${weft_package_dir} COMPONENT library)
configure_package_config_file(cmake/weftConfig.cmake.in ${CMAKE_BINARY_DIR}/weftConfig.cmake
                              INSTALL_DESTINATION ${weft_package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/weftConfigVersion.cmake
                                 COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/weftConfig.cmake ${CMAKE_BINARY_DIR}/weftConfigVersion.cmake
        DESTINATION ${weft_package_dir} COMPONENT library)

# A sanitizer's library needs the sanitizer's flags in whoever uses it: only plain builds try this.
if(WEFT_TESTS AND NOT WEFT_SANITIZER_BUILD AND NOT WEFT_SANITIZER)
  add_test(NAME package.EmbeddingExample
           COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/cmake/embedding_test.py
                   ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR} ${CMAKE_COMMAND} ${CMAKE_CXX_COMPILER})
endif()
