// Comparisons of bytes and text: loops that read their operands' sizes from the descriptors.
#include "text_loops.hpp"
#include "flexible.hpp"

namespace wasmnp {

namespace {

template <class Holds>
int compare_runs(MethodContext* context, char* const* data, const intp* dimensions, const intp* strides, Holds holds) {
  const ArrayDescr *a = context->descriptors[0], *b = context->descriptors[1];
  for (intp i = 0; i < *dimensions; i++)
    data[2][i * strides[2]] = holds(compare_text(a, data[0] + i * strides[0], b, data[1] + i * strides[1]));
  return 0;
}

#define WASMNP_COMPARISON(name, condition)                                                                  \
  int name(MethodContext* context, char* const* data, const intp* dimensions, const intp* strides, void*) { \
    return compare_runs(context, data, dimensions, strides, [](int sign) { return condition; });            \
  }
WASMNP_COMPARISON(equal, sign == 0)
WASMNP_COMPARISON(not_equal, sign != 0)
WASMNP_COMPARISON(less, sign < 0)
WASMNP_COMPARISON(less_equal, sign <= 0)
WASMNP_COMPARISON(greater, sign > 0)
WASMNP_COMPARISON(greater_equal, sign >= 0)
#undef WASMNP_COMPARISON

}  // namespace

bool find_text_loop(UfuncObject* ufunc, ArrayDescr* const* types, ArrayDescr* const* wanted, Loop* loop) {
  static const struct {
    const char* name;
    MethodLoop method;
  } rows[] = {{"equal", equal},           {"not_equal", not_equal}, {"less", less},
              {"less_equal", less_equal}, {"greater", greater},     {"greater_equal", greater_equal}};
  if (ufunc->nin != 2 || !is_text(types[0]) || types[0]->type_num != types[1]->type_num) return false;
  if (wanted && wanted[2] && wanted[2]->kind != 'b') return false;
  for (const auto& row : rows) {
    if (std::strcmp(row.name, ufunc->name)) continue;
    loop->method = row.method;
    loop->descrs[0] = types[0];
    loop->descrs[1] = types[1];
    loop->descrs[2] = descr_of(Element::Bool);
    loop->any_layout = true;
    return true;
  }
  return false;
}

}  // namespace wasmnp
