#pragma once

namespace gradus {

// While one lives, this thread computes with subnormal numbers flushed to zero: a training step whose
// gradients fade can otherwise be five times slower. `fit` and `train_on_batch` set it; one's own loop says
// `FlushSubnormals guard;`. Plain op calls keep IEEE behaviour.
class FlushSubnormals {
 public:
  FlushSubnormals();
  ~FlushSubnormals();
  FlushSubnormals(const FlushSubnormals&) = delete;
  FlushSubnormals& operator=(const FlushSubnormals&) = delete;

  // How this thread treats subnormal numbers now, for a worker that computes on its behalf.
  static unsigned mode();
  // While one lives, this thread treats them as `mode` says.
  class Mode {
   public:
    explicit Mode(unsigned mode);
    ~Mode();
    Mode(const Mode&) = delete;
    Mode& operator=(const Mode&) = delete;

   private:
    unsigned before_ = 0;
  };

 private:
  Mode mode_;
};

}  // namespace gradus
