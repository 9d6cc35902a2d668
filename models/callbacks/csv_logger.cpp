#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/callbacks/csv_logger.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace gradus {

namespace {

class CsvWriter : public Callback::Reader {
 public:
  CsvWriter(std::string path, CSVLoggerOptions options)
      : path_(std::move(path)), options_(std::move(options)) {
    const std::string& separator = options_.separator;
    if (separator.size() != 1 || std::string("\"\r\n").find(separator) != std::string::npos) {
      throw ValueError("CSVLogger: separator must be one character, no quote and no end of a line, got '" +
                       separator + "'");
    }
  }

  void on_train_begin(Logs&) override {
    columns_.clear();
    header_ = options_.append ? first_line() : "";
    errno = 0;
    file_ = std::ofstream(path_, options_.append ? std::ios::app : std::ios::trunc);
    check();
  }

  void on_epoch_end(std::int64_t epoch, Logs& logs) override {
    if (columns_.empty()) begin_table(logs);
    std::string line = std::to_string(epoch);
    for (const std::string& column : columns_) {
      line += options_.separator + field(logs.contains(column) ? scalar_text(logs[column]) : "NA");
    }
    write(line);
  }

  void on_train_end(Logs&) override { file_.close(); }
  void set_model(Model* model) override {
    Callback::Reader::set_model(model);
    if (model == nullptr) file_.close();
  }

 private:
  std::string first_line() const {
    std::ifstream file(path_);
    std::string line;
    std::getline(file, line);
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }

  void begin_table(const Logs& logs) {
    columns_ = logs.names();
    if (!columns_.back().starts_with("val_")) {
      const std::vector<std::string> trained = columns_;
      for (const std::string& name : trained) columns_.push_back("val_" + name);
    }
    std::string header = "epoch";
    for (const std::string& column : columns_) header += options_.separator + field(column);
    if (header_.empty()) {
      write(header);
    } else if (header_ != header) {
      throw FileError("CSVLogger: '" + path_ + "' has the columns '" + header_ + "', this training has '" +
                      header + "'");
    }
  }

  // Quoted where it would be read as several.
  std::string field(const std::string& text) const {
    if (text.find_first_of(options_.separator + "\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + '"';
  }

  void write(const std::string& line) {
    errno = 0;
    file_ << line << '\n' << std::flush;
    check();
  }

  void check() const {
    if (file_.good()) return;
    throw FileError("CSVLogger: cannot write '" + path_ + "'" +
                    (errno == 0 ? "" : ": " + std::generic_category().message(errno)));
  }

  std::string path_;
  CSVLoggerOptions options_;
  std::string header_;  // of the file that is gone on with; empty: none
  std::vector<std::string> columns_;
  std::ofstream file_;
};

}  // namespace

CSVLogger::CSVLogger(std::string filename, CSVLoggerOptions options)
    : Callback(CsvWriter(std::move(filename), std::move(options))) {}

}  // namespace gradus
