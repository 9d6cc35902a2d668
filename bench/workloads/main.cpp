#include "workloads.h"

#include <gradus/graph/parallel.h>

int main(int argc, char** argv) {
  return gradus::bench::run_program(argc, argv, gradus::bench::workloads(), gradus::set_num_threads);
}
