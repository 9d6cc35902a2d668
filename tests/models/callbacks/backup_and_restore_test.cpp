#include <gradus/graph/error.h>
#include <gradus/models/callbacks/backup_and_restore.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/saving/npz.h>

#include <gtest/gtest.h>

#include <fstream>

#include "../../folder.h"
#include "../example_data.h"
#include "../says.h"
#include "reference.h"

namespace gradus {
namespace {

using test::Folder;
using testing::ElementsAre;
using testing_data::fit_ten;
using testing_data::same_weights;
using testing_data::says;

// Adam, so that the optimizer's state matters.
Sequential learner(std::int64_t units = 3) {
  Sequential model({.seed = 5});
  model.add(Dense(units, {.activation = "tanh", .input_dim = 2}));
  model.add(Dense(1));
  model.compile({.optimizer = "adam", .loss = "mse"});
  return model;
}

LambdaCallback fails_in(std::int64_t epoch) {
  return LambdaCallback({.on_epoch_begin = [epoch](std::int64_t now, Logs&) {
    if (now == epoch) throw std::runtime_error("power cut");
  }});
}

void break_off(const Sequential& model, const std::string& folder, std::int64_t epoch,
               BackupAndRestoreOptions options = {}) {
  EXPECT_THROW(fit_ten(model, {.batch_size = 3,
                               .epochs = 6,
                               .callbacks = {BackupAndRestore(folder, options), fails_in(epoch)}}),
               std::runtime_error);
}

TEST(BackupAndRestore, GoesOnWhereTrainingWasBrokenOff) {
  const Folder folder;
  const std::string backup = folder / "backup";
  const Sequential whole = learner();
  const History all = fit_ten(whole, {.batch_size = 3, .epochs = 6});

  break_off(learner(), backup, 4);
  const Sequential model = learner();  // as after a restart
  const History rest =
      fit_ten(model, {.batch_size = 3, .epochs = 6, .callbacks = {BackupAndRestore(backup)}});
  EXPECT_THAT(rest.epoch, ElementsAre(4, 5));
  EXPECT_EQ(rest["loss"][1], all["loss"][5]) << "with the same bits as without the break";
  EXPECT_TRUE(same_weights(model, whole.get_weights()));
  EXPECT_FALSE(std::filesystem::exists(backup)) << "training has reached its end";
  EXPECT_EQ(fit_ten(model, {.epochs = 2}).epoch.size(), 2U) << "the next fit begins at its own beginning";
}

TEST(BackupAndRestore, LeavesAFolderThatOthersUse) {
  const Folder folder;
  std::ofstream(folder / "notes.txt") << "mine";
  fit_ten(learner(), {.epochs = 1, .callbacks = {BackupAndRestore(folder.path().string())}});
  EXPECT_EQ(folder.count(), 1U);
}

TEST(BackupAndRestore, KeepsTheBackupWhereItIsToldTo) {
  const Folder folder;
  const std::string backup = folder / "backup";
  fit_ten(learner(), {.epochs = 2, .callbacks = {BackupAndRestore(backup, {.delete_checkpoint = false})}});
  EXPECT_TRUE(std::filesystem::exists(backup + "/latest.npz"));
  const History more = fit_ten(
      learner(), {.epochs = 3, .callbacks = {BackupAndRestore(backup, {.delete_checkpoint = false})}});
  EXPECT_THAT(more.epoch, ElementsAre(2));
}

TEST(BackupAndRestore, SavesWithinAnEpochToo) {
  const Folder folder;
  const std::string backup = folder / "backup";
  break_off(learner(), backup, 1, {.save_freq = 2});  // 4 batches an epoch
  const Sequential model = learner();
  EXPECT_THAT(fit_ten(model, {.batch_size = 3, .epochs = 2, .callbacks = {BackupAndRestore(backup)}}).epoch,
              ElementsAre(0, 1))
      << "the epoch that was not finished is begun again";
  EXPECT_EQ(model.optimizer().iterations(), 4 + 8) << "with the state of the last backup";
}

TEST(BackupAndRestore, TakesTheBackupBeforeWhenTheLastIsBroken) {
  const Folder folder;
  const std::string backup = folder / "backup";
  break_off(learner(), backup, 3, {.double_checkpoint = true});
  std::ofstream(backup + "/latest.npz") << "half a fi";
  const Sequential model = learner();
  EXPECT_THAT(fit_ten(model, {.epochs = 4, .callbacks = {BackupAndRestore(backup)}}).epoch,
              ElementsAre(2, 3));
}

TEST(BackupAndRestore, RefusesABackupOfAnotherModel) {
  const Folder folder;
  const std::string backup = folder / "backup";
  break_off(learner(3), backup, 1);
  const Sequential other = learner(4);
  const auto before = other.get_weights();
  EXPECT_THAT([&] { fit_ten(other, {.callbacks = {BackupAndRestore(backup)}}); },
              says<FileError>("the backup '",
                              "is of another model: 'weights/dense/kernel' is float32 [2, 3] in the "
                              "file and float32 [2, 4] in the model"));
  EXPECT_TRUE(same_weights(other, before));

  const Sequential sgd = learner(3);
  sgd.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_THAT([&] { fit_ten(sgd, {.callbacks = {BackupAndRestore(backup)}}); },
              says<FileError>("is of another model: it has a 'optimizer/"));

  std::ofstream(backup + "/latest.npz") << "no backup";
  EXPECT_THAT([&] { fit_ten(other, {.callbacks = {BackupAndRestore(backup)}}); },
              says<FileError>("latest.npz"));
  EXPECT_TRUE(same_weights(other, before));
}

TEST(BackupAndRestore, RefusesAFolderItCannotUse) {
  const Folder folder;
  std::ofstream(folder / "file") << "x";
  EXPECT_THAT([] { BackupAndRestore(""); }, says<ValueError>("BackupAndRestore: backup_dir is empty"));
  EXPECT_THAT([&] { fit_ten(learner(), {.callbacks = {BackupAndRestore(folder / "file")}}); },
              says<FileError>("BackupAndRestore: cannot make the folder '"));
  EXPECT_THAT([&] { BackupAndRestore(folder / "b", {.save_freq = -1}); }, says<ValueError>("got -1"));
}

}  // namespace
}  // namespace gradus
