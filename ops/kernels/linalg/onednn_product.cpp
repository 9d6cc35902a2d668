#include <gradus/ops/kernels/linalg/onednn_product.h>

#ifdef GRADUS_ONEDNN

#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/onednn.h>

#include <array>
#include <memory>

namespace gradus::kernels {

namespace {

// A primitive of oneDNN for one shape, with the descriptions of its operands, for one thread. Making one
// compiles code; running one again costs 0.3 us.
class Primitive {
 public:
  explicit Primitive(const ProductShape& shape) : shape_(shape) {
    const std::scoped_lock lock(onednn::making());
    ready_ = make();
  }
  ~Primitive() {
    for (const dnnl_memory_t each : {a_, b_, out_, scratchpad_}) dnnl_memory_destroy(each);
    dnnl_primitive_destroy(primitive_);
    dnnl_stream_destroy(stream_);
  }
  Primitive(const Primitive&) = delete;
  Primitive& operator=(const Primitive&) = delete;

  const ProductShape& shape() const { return shape_; }

  bool run(const void* a, const void* b, float* out) {
    if (!ready_) return false;
    PoolVector<std::byte> scratch;
    if (scratch_bytes_ != 0) scratch.reserve(scratch_bytes_);
    dnnl_memory_set_data_handle(a_, const_cast<void*>(a));
    dnnl_memory_set_data_handle(b_, const_cast<void*>(b));
    dnnl_memory_set_data_handle(out_, out);
    dnnl_memory_set_data_handle(scratchpad_, scratch.data());
    const std::array<dnnl_exec_arg_t, 4> arguments = {{{DNNL_ARG_SRC, a_},
                                                       {DNNL_ARG_WEIGHTS, b_},
                                                       {DNNL_ARG_DST, out_},
                                                       {DNNL_ARG_SCRATCHPAD, scratchpad_}}};
    return dnnl_primitive_execute(primitive_, stream_, arguments.size(), arguments.data()) == dnnl_success;
  }

 private:
  // Row-major rows x columns with `step` between stored rows, which are the columns of a transposed matrix.
  static dnnl_memory_desc_t matrix(std::int64_t rows, std::int64_t columns, std::int64_t step,
                                   bool transposed, dnnl_data_type_t type) {
    const dnnl_dims_t dims = {rows, columns};
    const dnnl_dims_t strides = {transposed ? 1 : step, transposed ? step : 1};
    dnnl_memory_desc_t result;
    dnnl_memory_desc_init_by_strides(&result, 2, dims, type, strides);
    return result;
  }

  bool make() {
    const dnnl_data_type_t type = shape_.operands == Operands::bfloat16 ? dnnl_bf16 : dnnl_f32;
    const dnnl_memory_desc_t a = matrix(shape_.m, shape_.k, shape_.a_step, shape_.a_transposed, type);
    const dnnl_memory_desc_t b = matrix(shape_.k, shape_.n, shape_.b_step, shape_.b_transposed, type);
    const dnnl_memory_desc_t out = matrix(shape_.m, shape_.n, shape_.out_step, false, dnnl_f32);
    dnnl_matmul_desc_t description;
    if (dnnl_matmul_desc_init(&description, &a, &b, nullptr, &out) != dnnl_success) return false;

    dnnl_primitive_attr_t attributes = nullptr;
    dnnl_post_ops_t after = nullptr;
    dnnl_primitive_attr_create(&attributes);
    dnnl_post_ops_create(&after);
    if (shape_.sum == Sum::into) dnnl_post_ops_append_sum(after, 1);
    dnnl_primitive_attr_set_post_ops(attributes, after);
    dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    dnnl_primitive_desc_t made = nullptr;
    dnnl_primitive_desc_create(&made, &description, attributes, onednn::engine(), nullptr);
    dnnl_post_ops_destroy(after);
    dnnl_primitive_attr_destroy(attributes);
    if (made == nullptr) return false;

    const dnnl_memory_desc_t scratch = *dnnl_primitive_desc_query_md(made, dnnl_query_scratchpad_md, 0);
    scratch_bytes_ = dnnl_memory_desc_get_size(&scratch);
    const bool ok = dnnl_primitive_create(&primitive_, made) == dnnl_success &&
                    dnnl_stream_create(&stream_, onednn::engine(), 0) == dnnl_success && hold(a_, a) &&
                    hold(b_, b) && hold(out_, out) && hold(scratchpad_, scratch);
    dnnl_primitive_desc_destroy(made);
    return ok;
  }
  static bool hold(dnnl_memory_t& memory, const dnnl_memory_desc_t& description) {
    return dnnl_memory_create(&memory, &description, onednn::engine(), DNNL_MEMORY_NONE) == dnnl_success;
  }

  ProductShape shape_;
  bool ready_ = false;
  std::size_t scratch_bytes_ = 0;
  dnnl_stream_t stream_ = nullptr;
  dnnl_primitive_t primitive_ = nullptr;
  dnnl_memory_t a_ = nullptr, b_ = nullptr, out_ = nullptr, scratchpad_ = nullptr;
};

std::size_t hash(const ProductShape& s) {
  std::uint64_t value = 0;
  for (const std::int64_t part : {s.m, s.k, s.n, s.a_step, s.b_step, s.out_step}) {
    value = (value ^ static_cast<std::uint64_t>(part)) * 0x9E3779B97F4A7C15U;
    value ^= value >> 32;
  }
  const unsigned flags = (s.a_transposed ? 1U : 0U) | (s.b_transposed ? 2U : 0U) |
                         (s.sum == Sum::into ? 4U : 0U) | (s.operands == Operands::bfloat16 ? 8U : 0U);
  return static_cast<std::size_t>((value ^ flags) * 0x9E3779B97F4A7C15U >> 32);
}

// This thread's primitive for the shape, in one of kProbes places; a shape that finds all of them taken takes
// another's, which costs both of them a new primitive each time.
Primitive& find(const ProductShape& shape) {
  constexpr std::size_t kPlaces = 512, kProbes = 16;
  thread_local std::array<std::unique_ptr<Primitive>, kPlaces> known;
  const std::size_t home = hash(shape);
  for (std::size_t i = 0; i < kProbes; ++i) {
    std::unique_ptr<Primitive>& place = known[(home + i) % kPlaces];
    if (!place) place = std::make_unique<Primitive>(shape);
    if (place->shape() == shape) return *place;
  }
  std::unique_ptr<Primitive>& place = known[home % kPlaces];
  place = std::make_unique<Primitive>(shape);
  return *place;
}

}  // namespace

bool has_onednn() { return true; }

bool has_bfloat16() {
  static const bool has =
      (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
  return has;
}

bool multiply_by_onednn(const ProductShape& shape, const void* a, const void* b, float* out) {
  const onednn::OneThread guard;
  return find(shape).run(a, b, out);
}

}  // namespace gradus::kernels

#else

namespace gradus::kernels {

bool has_onednn() { return false; }
bool has_bfloat16() { return false; }
bool multiply_by_onednn(const ProductShape& /*shape*/, const void* /*a*/, const void* /*b*/, float* /*out*/) {
  return false;
}

}  // namespace gradus::kernels

#endif
