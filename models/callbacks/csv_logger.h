#pragma once

#include <gradus/models/callbacks/callback.h>

#include <string>

namespace gradus {

struct CSVLoggerOptions {
  std::string separator = ",";
  bool append = false;  // go on with a file that is there
};

// Writes each epoch's logs as a line of a CSV file: the epoch, from 0, then the entries by name, "NA" where
// one is missing. The columns are those of the first epoch; where it was not validated, each has a "val_"
// beside it. Lines end with "\n" (Keras: "\r\n"); numbers have all their digits. ValueError for a separator
// that is not one character; FileError for a file that cannot be written, before training, and for one with
// other columns, at the first epoch's end.
class CSVLogger : public Callback {
 public:
  explicit CSVLogger(std::string filename, CSVLoggerOptions options = {});
};

}  // namespace gradus
