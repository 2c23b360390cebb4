#include "model/model_failure.h"

#include <c10/util/Exception.h>

#include <array>
#include <sstream>

namespace fep {
namespace {

/// What libtorch adds to the messages of its assertions.
constexpr std::array kAdditions{"Exception raised from ", "frame #", "(no backtrace available)"};

/// Longer ones list every kernel that libtorch has.
constexpr std::size_t kLongest = 400;

/// The length of the exception's class, `RuntimeError: ` or `builtins.ValueError: `, with which the last line
/// of an interpreter's traceback begins; 0 where the line does not begin with one.
std::size_t length_of_class(const std::string& line) {
  const auto colon = line.find(": ");
  if (colon == std::string::npos) return 0;
  const auto name = line.substr(0, colon);
  const bool is_word = name.find_first_of(" \t\"'()") == std::string::npos;
  const bool is_error =
      name.find("Error") != std::string::npos || name.find("Exception") != std::string::npos;
  return is_word && is_error ? colon + 2 : 0;
}

bool is_addition(const std::string& line) {
  for (const auto* addition : kAdditions) {
    if (line.rfind(addition, 0) == 0) return true;
  }
  return line.find_first_not_of(" \t~^<-") == std::string::npos;
}

std::string message_of(const std::exception& error) {
  const auto* ours = dynamic_cast<const c10::Error*>(&error);
  return ours ? ours->what_without_backtrace() : error.what();
}

/// `condition INTERNAL ASSERT FAILED at "file":1, please report a bug to PyTorch. reason`
std::string without_assertion(const std::string& reason) {
  const std::string request = "please report a bug to PyTorch.";
  if (const auto asked = reason.find(request); asked != std::string::npos) {
    const auto rest = reason.find_first_not_of(' ', asked + request.size());
    return rest == std::string::npos ? "libtorch could not do it, and gives no reason" : reason.substr(rest);
  }
  return reason;
}

}  // namespace

std::string reason_of(const std::exception& error) {
  std::istringstream lines(message_of(error));
  std::string reason, line;
  while (std::getline(lines, line)) {
    if (is_addition(line)) continue;
    if (const auto name = length_of_class(line)) {
      reason = line.substr(name);  // what came before is the traceback
    } else if (reason.empty() || line.find_first_not_of(' ') == 0) {
      reason += (reason.empty() ? "" : " ") + line;
    }
  }
  if (reason.empty()) return "no reason is given";
  reason = without_assertion(reason);
  return reason.size() <= kLongest ? reason : reason.substr(0, kLongest) + " …";
}

}  // namespace fep
