#include <gradus/graph/operand_set.h>
#include <gradus/graph/pool_vector.h>

namespace gradus {

struct OperandSet::More : memory::Pooled<More> {
  PoolVector<std::uint8_t> places = {};  // place k tells of operand kBits + k
  bool contains(std::size_t k) const { return k < places.size() && places[k] != 0; }
};

void OperandSet::Drop::operator()(More* more) const noexcept { delete more; }

bool OperandSet::contains_further(std::size_t i) const { return more_->contains(i - kBits); }

bool OperandSet::includes_further(const OperandSet& other) const {
  for (std::size_t k = 0; k < other.more_->places.size(); ++k) {
    if (other.more_->contains(k) && !contains(kBits + k)) return false;
  }
  return true;
}

void OperandSet::insert_further(std::size_t i) {
  if (more_ == nullptr) more_.reset(new More);
  const std::size_t k = i - kBits;
  if (more_->places.size() <= k) more_->places.resize(k + 1, 0);
  more_->places[k] = 1;
}

}  // namespace gradus
