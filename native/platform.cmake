# What differs between Linux with g++ or clang, macOS with Apple's clang, and Windows with clang-cl (-T ClangCL): the code uses
# OpenMP's vector loops and attributes that Microsoft's own compiler lacks.

set(FEP_OPEN_LIBRARY native/loader/open_library_posix.cc)
set(FEP_OWN_FOLDER "$ORIGIN")     # where a library looks for those that it needs
set(FEP_LINKED_PREFIX lib)        # of the file of libtorch that a linker is given
set(FEP_LINKED_SUFFIX .so)
set(FEP_FAST -O2)
set(FEP_FASTEST -O3)
set(FEP_OPENMP -fopenmp)
set(FEP_FAST_MATH -fno-math-errno -fno-trapping-math)
set(FEP_EXPORT_ALL -fvisibility=default)
set(FEP_WARNINGS -Wall -Wextra)

if(APPLE)
  set(FEP_OWN_FOLDER "@loader_path")
  set(FEP_OPENMP "SHELL:-Xclang -fopenmp")
  # Names of libtorch are looked up among the libraries that are open. A linked library would be searched for under the path that is
  # written in it, and not be found among them.
  set(FEP_LINKS_AT_LOAD "SHELL:-undefined dynamic_lookup")
elseif(WIN32)
  set(FEP_OPEN_LIBRARY native/loader/open_library_windows.cc)
  set(FEP_LINKED_PREFIX "")
  set(FEP_LINKED_SUFFIX .lib)
  set(FEP_FAST /O2)
  set(FEP_FASTEST /clang:-O3)
  # libtorch's runtime comes without a library to link to: the operators' loops use vectors, but no threads.
  set(FEP_OPENMP /clang:-fopenmp-simd)
  list(TRANSFORM FEP_FAST_MATH PREPEND /clang:)
  set(FEP_EXPORT_ALL "")
  set(FEP_WARNINGS /W4) # -Wall means every warning there is to clang-cl
  set(CMAKE_WINDOWS_EXPORT_ALL_SYMBOLS ON)
  add_compile_definitions(NOMINMAX WIN32_LEAN_AND_MEAN _USE_MATH_DEFINES)
endif()

# Node's names are those of the program that loads the addon; Windows wants a library that says so, and cmake-js brings it.
function(fep_link_node target)
  if(APPLE)
    target_link_options(${target} PRIVATE ${FEP_LINKS_AT_LOAD})
  elseif(WIN32)
    target_sources(${target} PRIVATE ${CMAKE_JS_SRC})
    target_link_libraries(${target} PRIVATE ${CMAKE_JS_LIB})
  endif()
endfunction()
