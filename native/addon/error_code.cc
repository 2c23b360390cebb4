#include "addon/error_code.h"

#include <c10/util/Exception.h>

#include <new>

#include "attribution/observer.h"
#include "model/model_failure.h"
#include "model/out_of_memory.h"
#include "model/video_model.h"

namespace fep {
Failure describe(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Cancelled& e) {
    return {"FEP_ABORTED", e.what()};
  } catch (const ModelLoadError& e) {
    return {"FEP_MODEL_LOAD", e.what()};
  } catch (const ReferenceError& e) {
    return {"FEP_MODEL_REFERENCE", e.what()};
  } catch (const OutputError& e) {
    return {"FEP_MODEL_OUTPUT", e.what()};
  } catch (const ModelRunError& e) {
    return {"FEP_MODEL_RUN", e.what()};
  } catch (const GradientError& e) {
    return {"FEP_MODEL_GRADIENT", e.what()};
  } catch (const LayerError& e) {
    return {"FEP_USAGE", e.what()};
  } catch (const NumericError& e) {
    return {"FEP_NUMERIC", e.what()};
  } catch (const c10::OutOfMemoryError& e) {
    return {"FEP_CUDA_OOM", e.what_without_backtrace()};
  } catch (const c10::ValueError& e) {
    return {"FEP_USAGE", e.what_without_backtrace()};
  } catch (const c10::Error& e) {
    return {says_out_of_memory(e.what_without_backtrace()) ? "FEP_OUT_OF_MEMORY" : "FEP_INTERNAL",
            reason_of(e)};
  } catch (const std::bad_alloc&) {
    return {"FEP_OUT_OF_MEMORY", "There is not enough memory."};
  } catch (const std::exception& e) {
    return {says_out_of_memory(e.what()) ? "FEP_OUT_OF_MEMORY" : "FEP_INTERNAL", reason_of(e)};
  } catch (...) {
    return {"FEP_INTERNAL", "Something that is not an exception was thrown."};
  }
}

}  // namespace fep
