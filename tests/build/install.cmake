# Installs the tree ${build} and moves the result to ${prefix}: the package must find itself where it lies.
file(REMOVE_RECURSE "${prefix}" "${prefix}.moved")
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${build}" --config "${config}" --prefix "${prefix}.moved"
  COMMAND_ERROR_IS_FATAL ANY)
file(RENAME "${prefix}.moved" "${prefix}")
