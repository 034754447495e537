#include "indexing.hpp"
namespace wasmnp {
PyMethodDef index_functions[] = {{nullptr, nullptr, 0, nullptr}};
}
