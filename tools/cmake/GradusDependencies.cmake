# What the build needs, found with a message that names the Debian package to install.

function(gradus_require target package)
  if(NOT TARGET ${target})
    message(FATAL_ERROR "gradus needs ${target}, which was not found. On Debian: apt-get install ${package} "
                        "(tools/setup.sh installs everything that is missing)")
  endif()
endfunction()

find_package(Eigen3 3.4 QUIET NO_MODULE)
gradus_require(Eigen3::Eigen libeigen3-dev)
find_package(nlohmann_json 3.10 QUIET CONFIG)
gradus_require(nlohmann_json::nlohmann_json nlohmann-json3-dev)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads QUIET)
gradus_require(Threads::Threads libc6-dev)

if(GRADUS_BUILD_TOOLS)
  find_package(CLI11 2.1 QUIET CONFIG)
  gradus_require(CLI11::CLI11 libcli11-dev)
endif()
if(GRADUS_BUILD_TESTS)
  find_package(GTest 1.12 QUIET CONFIG)
  gradus_require(GTest::gtest libgtest-dev)
  gradus_require(GTest::gmock libgmock-dev)
  find_package(benchmark QUIET CONFIG)
  gradus_require(benchmark::benchmark libbenchmark-dev)
endif()
