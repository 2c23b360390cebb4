# The target fep_libtorch: headers and libraries of the libtorch that Torch_DIR, <root>/share/cmake/Torch, belongs to.
# Not by find_package(Torch): that of a CUDA build wants a whole CUDA toolkit, also for what never touches CUDA.

get_filename_component(FEP_LIBTORCH_ROOT "${Torch_DIR}/../../.." ABSOLUTE)
set(FEP_LIBTORCH_INCLUDE "${FEP_LIBTORCH_ROOT}/include" "${FEP_LIBTORCH_ROOT}/include/torch/csrc/api/include")
if(NOT EXISTS "${FEP_LIBTORCH_ROOT}/include/torch/library.h")
  message(FATAL_ERROR "Torch_DIR must be the folder share/cmake/Torch of a libtorch with headers, got '${Torch_DIR}'.")
endif()

add_library(fep_libtorch INTERFACE)
target_include_directories(fep_libtorch SYSTEM INTERFACE ${FEP_LIBTORCH_INCLUDE})
if(FEP_LINKS_AT_LOAD)
  target_link_options(fep_libtorch INTERFACE ${FEP_LINKS_AT_LOAD})
else()
  foreach(name torch torch_cpu c10)
    target_link_libraries(fep_libtorch INTERFACE "${FEP_LIBTORCH_ROOT}/lib/${FEP_LINKED_PREFIX}${name}${FEP_LINKED_SUFFIX}")
  endforeach()
endif()

# What messages name is a file of libtorch or of this project, not a folder of the machine that compiled it.
function(fep_map_folder folder)
  add_compile_options(
    "$<$<COMPILE_LANGUAGE:CXX>:-ffile-prefix-map=${folder}/=>"
    "$<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-ffile-prefix-map=${folder}/=>")
endfunction()
foreach(folder ${FEP_LIBTORCH_INCLUDE} ${CMAKE_CURRENT_SOURCE_DIR})
  fep_map_folder(${folder})
endforeach()
