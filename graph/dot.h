#pragma once

#include <gradus/graph/graph.h>

#include <iosfwd>
#include <string>
#include <string_view>

namespace gradus {

// The graph in Graphviz's DOT language: a node for each call (its name, attributes, dtype and shape) and each
// leaf, Parameters and inputs told apart, edges in the order of the operands. The same program gives the same
// bytes.
void write_dot(std::ostream& out, const Graph& graph);
// The same into a file. FileError when it cannot be written.
void write_dot(const std::string& path, const Graph& graph);
std::string to_dot(const Graph& graph);

// Text as the inside of a quoted DOT string that shows exactly that text: quotes, backslashes, line breaks
// and character entities are escaped; control characters and what is not valid UTF-8 become U+FFFD.
std::string dot_escape(std::string_view text);

}  // namespace gradus
