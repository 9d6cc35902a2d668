#include <gradus/graph/error.h>
#include <gradus/models/data/csv_rows.h>
#include <gradus/models/data/dataset.h>
#include <gradus/models/data/idx_file.h>
#include <gradus/models/data/npy_file.h>
#include <gradus/models/training_options.h>

namespace gradus::data {

namespace {

using Pass = Dataset::Pass::Kind;

class CsvSource : public Dataset::Source {
 public:
  CsvSource(const std::string& path, const CsvOptions& options) : path_(path), options_(options) {
    if (CsvRows(path, options).grows()) {
      throw ValueError("from_csv: the texts of a column are not known before the end of '" + path +
                       "': give its categories");
    }
  }
  std::unique_ptr<Pass> begin_pass(std::uint64_t /*number*/) const override {
    return std::make_unique<CsvPass>(path_, options_);
  }
  std::optional<std::int64_t> size() const override { return std::nullopt; }

 private:
  class CsvPass : public Pass {
   public:
    CsvPass(const std::string& path, const CsvOptions& options)
        : rows_(path, options), dtype_(options.dtype) {}
    std::optional<Data> next() override {
      if (ended_ || !rows_.next()) {
        ended_ = true;
        return std::nullopt;
      }
      Tensor x = Tensor::empty(Shape{rows_.columns().size()}, dtype_), y;
      dispatch_numeric(dtype_, [&]<class T>() { rows_.read(x.raw<T>()); });
      if (rows_.has_target()) {
        y = Tensor::empty({}, rows_.target_dtype());
        dispatch_numeric(y.dtype(), [&]<class T>() { *y.raw<T>() = rows_.template read_target<T>(); });
      }
      return Data{x, y};
    }

   private:
    CsvRows rows_;
    DType dtype_;
    bool ended_ = false;
  };

  std::string path_;
  CsvOptions options_;
};

// The rows of a file whose shape is known, one after the other. FileError for a single value.
template <class File>
class FileRows {
 public:
  template <class... Arguments>
  explicit FileRows(const Arguments&... arguments) : file_(arguments...) {
    const Shape shape = file_.shape();
    if (shape.rank() == 0) file_.fail("it has a single value, no rows");
    count_ = shape[0];
    row_ = Shape(std::span(shape.begin() + 1, shape.end()));
  }
  std::int64_t count() const { return count_; }
  const File& file() const { return file_; }
  Tensor next() { return next(file_); }

 private:
  Tensor next(IdxFile& file) { return file.read(row_); }
  Tensor next(const NpyFile& file) { return file.read(row_.elements() * at_++, row_); }

  File file_;
  std::int64_t count_ = 0;
  Shape row_;
  std::int64_t at_ = 0;
};

// The rows of one file, and of another with their labels where `y` is no empty path.
template <class File, class... Options>
class FileSource : public Dataset::Source {
 public:
  FileSource(const std::string& x, const std::string& y, const Options&... options)
      : open_([x, y, options...] { return std::make_unique<FilePass>(x, y, options...); }),
        rows_(FileRows<File>(x, options...).count()) {
    if (y.empty()) return;
    const FileRows<File> labels(y, options...);
    if (labels.count() != rows_) {
      labels.file().fail("it has " + std::to_string(labels.count()) + " rows, '" + x + "' has " +
                         std::to_string(rows_));
    }
  }
  std::unique_ptr<Pass> begin_pass(std::uint64_t /*number*/) const override { return open_(); }
  std::optional<std::int64_t> size() const override { return rows_; }

 private:
  class FilePass : public Pass {
   public:
    FilePass(const std::string& x, const std::string& y, const Options&... options) : x_(x, options...) {
      if (!y.empty()) y_ = std::make_unique<FileRows<File>>(y, options...);
    }
    std::optional<Data> next() override {
      if (at_ == x_.count()) return std::nullopt;
      ++at_;
      const Tensor x = x_.next();
      return Data{x, y_ ? y_->next() : Tensor()};
    }

   private:
    FileRows<File> x_;
    std::unique_ptr<FileRows<File>> y_;
    std::int64_t at_ = 0;
  };

  std::function<std::unique_ptr<Pass>()> open_;
  std::int64_t rows_;
};

}  // namespace

Dataset Dataset::from_csv(const std::string& path, const CsvOptions& options) {
  return Dataset(std::make_shared<CsvSource>(path, options));
}
Dataset Dataset::from_idx(const std::string& x, const IdxOptions& options) {
  return Dataset(std::make_shared<FileSource<IdxFile, IdxOptions>>(x, "", options));
}
Dataset Dataset::from_idx(const std::string& x, const std::string& y, const IdxOptions& options) {
  return Dataset(std::make_shared<FileSource<IdxFile, IdxOptions>>(x, y, options));
}
Dataset Dataset::from_npy(const std::string& x) {
  return Dataset(std::make_shared<FileSource<NpyFile>>(x, ""));
}
Dataset Dataset::from_npy(const std::string& x, const std::string& y) {
  return Dataset(std::make_shared<FileSource<NpyFile>>(x, y));
}

}  // namespace gradus::data
