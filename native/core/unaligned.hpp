// Values at addresses of any alignment.
#pragma once

#include <cstring>

namespace wasmnp {

template <class T>
T load_value(const char* data) {
  T value;
  std::memcpy(&value, data, sizeof value);
  return value;
}

template <class T>
void store_value(char* data, T value) {
  std::memcpy(data, &value, sizeof value);
}

}  // namespace wasmnp
