#include <gradus/graph/error.h>
#include <gradus/models/data/data_rows.h>
#include <gradus/models/data/dataset.h>

namespace gradus::data {

namespace {

class SlicesSource : public Dataset::Source {
 public:
  explicit SlicesSource(const Data& data) : data_(data), rows_(row_count("from_tensor_slices", data)) {}

  std::unique_ptr<Dataset::Pass::Kind> begin_pass(std::uint64_t /*number*/) const override {
    return std::make_unique<SlicesPass>(*this);
  }
  std::optional<std::int64_t> size() const override { return rows_; }

 private:
  class SlicesPass : public Dataset::Pass::Kind {
   public:
    explicit SlicesPass(const SlicesSource& source) : source_(source) {}
    std::optional<Data> next() override {
      if (at_ == source_.rows_) return std::nullopt;
      return row_of(source_.data_, at_++);
    }

   private:
    const SlicesSource& source_;
    std::int64_t at_ = 0;
  };

  Data data_;
  std::int64_t rows_;
};

class GeneratorSource : public Dataset::Source {
 public:
  explicit GeneratorSource(std::function<Dataset::Generator()> make) : make_(std::move(make)) {
    if (!make_) throw ValueError("from_generator: there is no function");
  }

  std::unique_ptr<Dataset::Pass::Kind> begin_pass(std::uint64_t /*number*/) const override {
    Dataset::Generator generator = make_();
    if (!generator) throw ValueError("from_generator: the function gave no generator");
    return std::make_unique<GeneratorPass>(std::move(generator));
  }
  std::optional<std::int64_t> size() const override { return std::nullopt; }

 private:
  class GeneratorPass : public Dataset::Pass::Kind {
   public:
    explicit GeneratorPass(Dataset::Generator generator) : generator_(std::move(generator)) {}
    std::optional<Data> next() override {
      if (!generator_) return std::nullopt;
      std::optional<Data> element = generator_();
      if (!element) generator_ = nullptr;
      return element;
    }

   private:
    Dataset::Generator generator_;
  };

  std::function<Dataset::Generator()> make_;
};

}  // namespace

Dataset Dataset::from_tensor_slices(const Data& data) {
  return Dataset(std::make_shared<SlicesSource>(data));
}

Dataset Dataset::from_generator(std::function<Generator()> make) {
  return Dataset(std::make_shared<GeneratorSource>(std::move(make)));
}

const std::shared_ptr<const Dataset::Source>& Dataset::source() const {
  if (!source_) throw StateError("Dataset: used after a move");
  return source_;
}
Dataset::Pass::Kind& Dataset::Pass::kind() const {
  if (!kind_) throw StateError("Dataset::Pass: used after a move");
  return *kind_;
}

std::optional<std::int64_t> Dataset::size() const { return source()->size(); }
bool Dataset::endless() const { return source()->endless(); }
Dataset::operator ValidationData() const { return {.dataset = *this}; }

Dataset::Pass Dataset::begin_pass(std::uint64_t number) const {
  return Pass(source(), source()->begin_pass(number));
}

std::optional<Data> Dataset::Pass::next() { return kind().next(); }
Dataset::Pass::Iterator Dataset::Pass::begin() { return Iterator(kind()); }

Dataset::Pass::Iterator& Dataset::Pass::Iterator::operator++() {
  std::optional<Data> element = pass_->next();
  element_ = element ? std::make_shared<const Data>(std::move(*element)) : nullptr;
  return *this;
}

}  // namespace gradus::data
