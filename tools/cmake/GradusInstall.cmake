# Installs the library, its headers in the spelling they are included with, and what finds them.
include(CMakePackageConfigHelpers)

set(GRADUS_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/gradus")

# gradus_install(<target> <export name>): gradus::<export name> of the installed package.
function(gradus_install target name)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  # An export set each, so that a consumer without Eigen can still load the rest.
  install(TARGETS ${target} EXPORT gradus_${name} FILE_SET HEADERS)
  install(EXPORT gradus_${name} NAMESPACE gradus:: DESTINATION "${GRADUS_PACKAGE_DIR}")
endfunction()

gradus_install(gradus gradus)
gradus_install(gradus_custom custom)
gradus_install(gradus_plot plot)
if(TARGET gradus_command)
  install(TARGETS gradus_command)
endif()

configure_package_config_file("${PROJECT_SOURCE_DIR}/tools/cmake/gradusConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/gradusConfig.cmake" INSTALL_DESTINATION "${GRADUS_PACKAGE_DIR}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/gradusConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/gradusConfig.cmake" "${PROJECT_BINARY_DIR}/gradusConfigVersion.cmake"
  DESTINATION "${GRADUS_PACKAGE_DIR}")

# The prefix is found from where the file lies, so that an installed tree can be moved.
file(RELATIVE_PATH GRADUS_PC_PREFIX "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
if(GRADUS_ONEDNN)
  string(APPEND GRADUS_PC_LIBRARIES " ${GRADUS_DNNL_LIBRARY} ${GRADUS_OPENMP_LIBRARY}")
endif()
if(GRADUS_ZLIB)
  string(APPEND GRADUS_PC_LIBRARIES " ${GRADUS_ZLIB_LIBRARY}")
endif()
configure_file("${PROJECT_SOURCE_DIR}/tools/cmake/gradus.pc.in" "${PROJECT_BINARY_DIR}/gradus.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/gradus.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
