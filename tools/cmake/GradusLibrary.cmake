# The library target `gradus`, and the functions with which the rooms list their files.

# Sources include <gradus/graph/tensor.h>, and so do users: links in the build tree give the folders that spelling,
# and neither the source root nor a folder name of ours lands on a consumer's include path.
set(GRADUS_INCLUDE_DIR "${PROJECT_BINARY_DIR}/include")
set(GRADUS_GENERATED_DIR "${PROJECT_BINARY_DIR}/generated")
set(GRADUS_ROOMS graph ops optim models)
# Public headers that the umbrella leaves out; those that need Eigen are left out as well.
set(GRADUS_OPT_IN_HEADERS ops/catalogue.h)

# gradus_link_headers(<include dir> <name> <folder>): #include <gradus/<name>/…> reads <folder>.
function(gradus_link_headers include_dir name folder)
  file(MAKE_DIRECTORY "${include_dir}/gradus")
  file(CREATE_LINK "${folder}" "${include_dir}/gradus/${name}" SYMBOLIC)
endfunction()

# gradus_own(<target>): the language and the warnings of every target of ours.
function(gradus_own target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wconversion $<$<BOOL:${GRADUS_WERROR}>:-Werror>
    # g++ 12 sees overlaps in std::string's own assignment (GCC bug 105329), and unset registers in its own AVX-512
    # intrinsics (105593).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized>)
endfunction()

# gradus_use_headers(<target> <package target>): a header-only package as a private detail, so that neither its
# include path nor its name reaches consumers or the installed package.
function(gradus_use_headers target package)
  target_include_directories(${target} SYSTEM PRIVATE
    $<TARGET_PROPERTY:${package},INTERFACE_INCLUDE_DIRECTORIES>)
endfunction()

function(gradus_create_library)
  add_library(gradus)
  add_library(gradus::gradus ALIAS gradus)
  gradus_own(gradus)
  target_compile_features(gradus PUBLIC cxx_std_20)
  set_target_properties(gradus PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
  target_sources(gradus PUBLIC FILE_SET HEADERS BASE_DIRS "${GRADUS_INCLUDE_DIR}")

  # For the headers that speak Eigen: they are not in the umbrella and run at the user's own flags.
  add_library(gradus_custom INTERFACE)
  add_library(gradus::custom ALIAS gradus_custom)
  target_link_libraries(gradus_custom INTERFACE gradus Eigen3::Eigen)
  target_sources(gradus_custom INTERFACE FILE_SET HEADERS BASE_DIRS "${GRADUS_INCLUDE_DIR}")

  foreach(room IN LISTS GRADUS_ROOMS)
    gradus_link_headers("${GRADUS_INCLUDE_DIR}" ${room} "${PROJECT_SOURCE_DIR}/${room}")
  endforeach()

  # Eigen's templates are weak symbols: under their own name a user's -O0 copies would replace our optimised ones.
  target_compile_definitions(gradus PRIVATE Eigen=gradus_eigen EIGEN_MPL2_ONLY)
  # No fused multiply-add behind our back: data and results must not depend on what the compiler contracts.
  # Nobody reads errno or the exception flags: without them loops with square roots and choices become vectors.
  target_compile_options(gradus PRIVATE -ffp-contract=off -fno-math-errno -fno-trapping-math)
  gradus_use_headers(gradus Eigen3::Eigen)
  gradus_use_headers(gradus nlohmann_json::nlohmann_json)
  target_link_libraries(gradus PRIVATE Threads::Threads)
  if(GRADUS_ONEDNN)
    target_link_libraries(gradus PRIVATE ${GRADUS_DNNL_LIBRARY} ${GRADUS_OPENMP_LIBRARY})
  endif()
  if(GRADUS_ZLIB)
    target_link_libraries(gradus PRIVATE ${GRADUS_ZLIB_LIBRARY})
  endif()

  if(GRADUS_NATIVE)
    message(STATUS "gradus: compiled for this machine's processor (-march=native; GRADUS_NATIVE=OFF for any)")
  else()
    message(STATUS "gradus: compiled for any processor of this architecture (GRADUS_NATIVE=ON for this one)")
  endif()
endfunction()

# gradus_portable_sources(<room> <file.cpp>…): sources that must run on every processor.
function(gradus_portable_sources room)
  list(TRANSFORM ARGN PREPEND "${PROJECT_SOURCE_DIR}/${room}/")
  target_sources(gradus PRIVATE ${ARGN})
endfunction()

# gradus_sources(<room> <file.cpp>…): sources of the library, compiled for this processor if GRADUS_NATIVE.
function(gradus_sources room)
  gradus_portable_sources(${room} ${ARGN})
  if(GRADUS_NATIVE)
    list(TRANSFORM ARGN PREPEND "${PROJECT_SOURCE_DIR}/${room}/")
    set_property(SOURCE ${ARGN} TARGET_DIRECTORY gradus APPEND PROPERTY COMPILE_OPTIONS -march=native)
  endif()
endfunction()

# gradus_headers(<room> <file.h>…): public headers, in the umbrella unless they are opt-in.
function(gradus_headers room)
  list(TRANSFORM ARGN PREPEND "${room}/")
  set_property(GLOBAL APPEND PROPERTY GRADUS_PUBLIC_HEADERS ${ARGN})
  list(TRANSFORM ARGN PREPEND "${GRADUS_INCLUDE_DIR}/gradus/")
  target_sources(gradus PUBLIC FILE_SET HEADERS FILES ${ARGN})
endfunction()

# gradus_eigen_headers(<room> <file.h>…): public headers that include Eigen, for users of gradus::custom.
function(gradus_eigen_headers room)
  list(TRANSFORM ARGN PREPEND "${GRADUS_INCLUDE_DIR}/gradus/${room}/")
  target_sources(gradus_custom INTERFACE FILE_SET HEADERS FILES ${ARGN})
endfunction()

# Writes <gradus/gradus.h> from the list of public headers.
function(gradus_write_umbrella)
  get_property(headers GLOBAL PROPERTY GRADUS_PUBLIC_HEADERS)
  list(REMOVE_ITEM headers ${GRADUS_OPT_IN_HEADERS})
  list(SORT headers)
  list(TRANSFORM headers REPLACE "(.+)" "#include <gradus/\\1>")
  list(JOIN headers "\n" GRADUS_INCLUDES)
  configure_file("${PROJECT_SOURCE_DIR}/tools/cmake/gradus.h.in" "${GRADUS_INCLUDE_DIR}/gradus/gradus.h" @ONLY)
  target_sources(gradus PUBLIC FILE_SET HEADERS FILES "${GRADUS_INCLUDE_DIR}/gradus/gradus.h")
endfunction()
