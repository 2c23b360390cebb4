#pragma once

#include <string>

/// Opens a shared library for the life of the process; opening one twice is free.
///
/// @param path absolute, in UTF-8. What the library needs is searched for in its own folder, too.
/// @return why it cannot be opened, in the system's words; empty if it can
std::string open_library(const char* path);
