#include <gradus/tools/command.h>

int main(int argc, char** argv) { return gradus::tools::run_command(argc, argv); }
