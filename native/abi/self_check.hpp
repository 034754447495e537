// Refuses to load where the interpreter's type object is not laid out as native/abi/python_types.hpp says.
#pragma once

namespace wasmnp {
int check_type_layout();
}
