#include <gradus/graph/flush_subnormals.h>
#include <gradus/models/data/dataset_step.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace gradus::data {

namespace {

// A thread fills a queue; the pass takes from it. The thread alone touches the pass before, and all that both
// touch is under the mutex. Elements are moved out of the queue, so that no reference is left behind.
class PrefetchPass : public Dataset::Pass::Kind {
 public:
  PrefetchPass(std::unique_ptr<Dataset::Pass::Kind> before, std::int64_t most)
      : before_(std::move(before)), most_(static_cast<std::size_t>(most)), mode_(FlushSubnormals::mode()) {
    thread_ = std::thread([this] { produce(); });
  }
  ~PrefetchPass() override {
    {
      const std::lock_guard lock(mutex_);
      given_up_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  std::optional<Data> next() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !queue_.empty() || ended_; });
    if (!queue_.empty()) {
      std::optional<Data> element = std::move(queue_.front());
      queue_.pop_front();
      changed_.notify_all();
      return element;
    }
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    return std::nullopt;
  }

 private:
  void produce() {
    const FlushSubnormals::Mode mode(mode_);
    std::exception_ptr failure;
    try {
      while (wait_for_room()) {
        std::optional<Data> element = before_->next();
        if (!element) break;
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(*element));
        changed_.notify_all();
      }
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    failure_ = std::move(failure);
    ended_ = true;
    changed_.notify_all();
  }
  // False when nobody wants more.
  bool wait_for_room() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return queue_.size() < most_ || given_up_; });
    return !given_up_;
  }

  std::unique_ptr<Dataset::Pass::Kind> before_;
  std::size_t most_;
  unsigned mode_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Data> queue_;
  std::exception_ptr failure_;
  bool ended_ = false;
  bool given_up_ = false;
  std::thread thread_;
};

class PrefetchStep : public DatasetStep {
 public:
  PrefetchStep(std::shared_ptr<const Dataset::Source> before, Count most)
      : DatasetStep(std::move(before)), most_(checked_count("prefetch", most, 1)) {}
  std::unique_ptr<Dataset::Pass::Kind> begin_pass(std::uint64_t number) const override {
    return std::make_unique<PrefetchPass>(before().begin_pass(number), most_);
  }

 private:
  std::int64_t most_;
};

}  // namespace

Dataset Dataset::prefetch(Count buffer_size) const {
  return Dataset(std::make_shared<PrefetchStep>(source(), buffer_size));
}

}  // namespace gradus::data
