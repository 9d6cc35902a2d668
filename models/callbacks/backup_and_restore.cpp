#include <gradus/graph/error.h>
#include <gradus/models/callbacks/backup_and_restore.h>
#include <gradus/models/callbacks/training_state.h>
#include <gradus/models/model_kind.h>

#include <filesystem>

namespace gradus {

namespace {

namespace fs = std::filesystem;

class Backup : public Callback::Reader {
 public:
  Backup(const std::string& folder, const BackupAndRestoreOptions& options)
      : folder_(folder),
        latest_(folder_ / "latest.npz"),
        previous_(folder_ / "previous.npz"),
        options_(options) {
    if (folder.empty()) throw ValueError("BackupAndRestore: backup_dir is empty");
  }

  void on_train_begin(Logs&) override {
    batches_ = epoch_ = 0;
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) fail("make the folder", folder_, error);
    const bool has_previous = fs::exists(previous_, error);
    if (fs::exists(latest_, error)) {
      restore(latest_, has_previous);
    } else if (has_previous) {
      restore(previous_, false);
    }
  }

  void on_epoch_begin(std::int64_t epoch, Logs&) override { epoch_ = epoch; }
  void on_train_batch_end(std::int64_t, Logs&) override {
    if (!options_.save_freq.each_epoch() && ++batches_ % options_.save_freq.batches() == 0) save();
  }
  void on_epoch_end(std::int64_t epoch, Logs&) override {
    epoch_ = epoch + 1;
    if (options_.save_freq.each_epoch()) save();
  }

  void on_train_end(Logs&) override {
    if (!options_.delete_checkpoint || training().interrupted) return;
    std::error_code ignored;
    for (const fs::path& path : {latest_, previous_, folder_})
      fs::remove(path, ignored);  // a folder: if empty
  }

 private:
  Model::Kind::Training& training() const { return static_cast<Model::Kind&>(model().kind()).training(); }

  [[noreturn]] static void fail(const char* what, const fs::path& path, const std::error_code& error) {
    throw FileError("BackupAndRestore: cannot " + std::string(what) + " '" + path.string() +
                    "': " + error.message());
  }

  void restore(const fs::path& path, bool previous_may_serve) {
    try {
      training().resume_at = load_training_state(path.string(), model());
    } catch (const FileError&) {
      if (!previous_may_serve) throw;
      restore(previous_, false);
    }
  }

  void save() const {
    std::error_code error;
    if (options_.double_checkpoint && fs::exists(latest_, error)) fs::rename(latest_, previous_, error);
    if (error) fail("replace", previous_, error);
    save_training_state(latest_.string(), model(), epoch_);
  }

  fs::path folder_;
  fs::path latest_;
  fs::path previous_;
  BackupAndRestoreOptions options_;
  std::int64_t epoch_ = 0;
  std::int64_t batches_ = 0;
};

}  // namespace

BackupAndRestore::BackupAndRestore(std::string backup_dir, BackupAndRestoreOptions options)
    : Callback(std::make_shared<Backup>(backup_dir, options),
               {.train_end = !options.save_freq.each_epoch()}) {}

}  // namespace gradus
