#include <gradus/graph/error.h>
#include <gradus/models/saving/npy.h>

#include <charconv>
#include <vector>

namespace gradus::saving {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

struct Description {
  DType dtype;
  std::string_view text;
};
constexpr Description kDescriptions[] = {{DType::float32, "<f4"},
                                         {DType::float64, "<f8"},
                                         {DType::int32, "<i4"},
                                         {DType::int64, "<i8"},
                                         {DType::boolean, "|b1"}};

std::string_view description(DType dtype) {
  for (const Description& known : kDescriptions) {
    if (known.dtype == dtype) return known.text;
  }
  return {};
}

std::string tuple(const Shape& shape) {
  std::string text = "(";
  for (const std::int64_t dim : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(dim);
  return text + (shape.rank() == 1 ? ",)" : ")");
}

// Reads the dict from the front, piece by piece.
class DictReader {
 public:
  explicit DictReader(std::string_view text) : text_(text) {}

  bool take(std::string_view piece) {
    if (!text_.starts_with(piece)) return false;
    text_.remove_prefix(piece.size());
    return true;
  }
  void expect(std::string_view piece) {
    if (!take(piece))
      throw ValueError("its .npy header is malformed: no \"" + std::string(piece) + "\" where it belongs");
  }
  std::string_view take_until(char end) {
    const std::string_view piece = text_.substr(0, text_.find(end));
    text_.remove_prefix(piece.size());
    return piece;
  }
  std::int64_t take_extent() {
    std::int64_t extent = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), extent);
    if (error == std::errc::result_out_of_range) throw ValueError("an extent of its shape overflows");
    const auto length = static_cast<std::size_t>(end - text_.data());
    const bool padded = length > 1 && text_.front() == '0';
    if (error != std::errc() || extent < 0 || text_.front() == '-' || padded) {
      throw ValueError("its .npy header is malformed: an extent of the shape is no number");
    }
    text_.remove_prefix(length);
    return extent;
  }
  bool only_padding_left() const {
    return text_.ends_with('\n') && text_.find_first_not_of(' ') == text_.size() - 1;
  }

 private:
  std::string_view text_;
};

DType parse_description(std::string_view text) {
  for (const Description& known : kDescriptions) {
    if (known.text == text) return known.dtype;
  }
  if (text.starts_with('>')) throw ValueError("its values are big-endian ('" + std::string(text) + "')");
  throw ValueError("its dtype '" + std::string(text) + "' is none of <f4 <f8 <i4 <i8 |b1");
}

// After the opening parenthesis.
Shape parse_tuple(DictReader& reader) {
  std::vector<std::int64_t> dims;
  if (!reader.take(")")) {
    dims.push_back(reader.take_extent());
    reader.expect(",");
    if (!reader.take(")")) {
      do {
        reader.expect(" ");
        dims.push_back(reader.take_extent());
      } while (reader.take(","));
      reader.expect(")");
    }
  }
  try {
    return Shape(dims);
  } catch (const ShapeError& error) {
    throw ValueError(error.what());
  }
}

}  // namespace

std::string npy_header(const Tensor& tensor) {
  std::string dict = "{'descr': '" + std::string(description(tensor.dtype())) +
                     "', 'fortran_order': False, 'shape': " + tuple(tensor.shape()) + ", }";
  dict.append(63 - (kNpyPrefix + dict.size()) % 64, ' ');
  dict += '\n';
  if (dict.size() > 0xFFFF)
    throw ValueError("the shape of rank " + std::to_string(tensor.rank()) + " is too long for .npy");
  std::string header(kMagic);
  header += {'\1', '\0', static_cast<char>(dict.size() & 0xFFU), static_cast<char>(dict.size() >> 8)};
  return header + dict;
}

std::size_t npy_header_size(std::string_view prefix) {
  if (prefix.size() < kNpyPrefix || !prefix.starts_with(kMagic))
    throw ValueError("it is not in the .npy format");
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(prefix[i]));
  };
  if (byte(6) != 1 || byte(7) != 0) {
    throw ValueError("its .npy version is " + std::to_string(byte(6)) + "." + std::to_string(byte(7)) +
                     ", only 1.0 is known");
  }
  return kNpyPrefix + byte(8) + (byte(9) << 8);
}

NpyLayout parse_npy_header(std::string_view header) {
  DictReader reader(header.substr(kNpyPrefix));
  NpyLayout layout;
  reader.expect("{'descr': '");
  layout.dtype = parse_description(reader.take_until('\''));
  reader.expect("', 'fortran_order': ");
  if (reader.take("True")) throw ValueError("its values are in Fortran order");
  reader.expect("False, 'shape': (");
  layout.shape = parse_tuple(reader);
  reader.expect(", }");
  if (!reader.only_padding_left()) throw ValueError("its .npy header is malformed: more follows the dict");
  return layout;
}

}  // namespace gradus::saving
