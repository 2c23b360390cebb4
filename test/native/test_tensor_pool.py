"""The pool of large tensors' memory (network/tensor_pool.h), in a process of its own: it is for the whole of one."""

import subprocess
import sys
import textwrap

import pytest
from native_build import FLAGS, RELEASE

POOL = f"""
import ctypes, torch
library = ctypes.CDLL("{RELEASE / "libfep_ops.so"}")
start_pool = library._ZN3fep18pool_large_tensorsEv
empty_pool = library._ZN3fep17empty_tensor_poolEv
MIB = 1 << 20

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

def filled(bytes):
    return torch.full((bytes,), 7, dtype=torch.uint8)

torch.set_num_threads(2)
start_pool()
"""


def run(script: str) -> None:
    done = subprocess.run([sys.executable, "-c", POOL + textwrap.dedent(script)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or any("sanitize" in flag for flag in FLAGS), reason="there is no pool there"
)


def test_what_was_given_back_is_taken_again():
    run("""
        tensor = filled(10 * MIB)
        where = tensor.data_ptr()
        assert where % (2 * MIB) == 0
        del tensor
        assert filled(9 * MIB).data_ptr() == where
        assert filled(5 * MIB).data_ptr() == where, "half of it is enough"
        assert filled(3 * MIB).data_ptr() != where, "less than half would be waste"
        assert filled(11 * MIB).data_ptr() != where
        """)


def test_memory_goes_back_to_the_system():
    run("""
        before = resident()
        del_me = [filled(32 * MIB) for _ in range(8)]
        del del_me
        assert resident() - before > 250 * MIB, "kept for the next"
        empty_pool()
        assert resident() - before < 20 * MIB, resident() - before
        """)


def test_tensors_from_before_and_small_ones_and_none():
    run("""
        old = torch.ones(3 * MIB)
        empty_pool(); start_pool()
        del old
        for size in [0, 1, 1000, 2 * MIB - 1, 2 * MIB, 2 * MIB + 1]:
            tensor = filled(size)
            assert int(tensor.sum(dtype=torch.int64)) == 7 * size
            tensor.resize_(2 * size + 3)
        """)


def test_oneDNN_takes_its_scratch_space_from_it():
    run("""
        import threading
        convolution = torch.nn.Conv3d(16, 32, 3, padding=1)
        clip = torch.randn(2, 16, 8, 40, 40)
        expected = torch.nn.functional.conv3d(clip.double(), convolution.weight.double(), convolution.bias.double(), padding=1)
        def repeat():
            for _ in range(5):
                output = convolution(clip)
                assert (output - expected).abs().max() < 1e-4
                output.sum().backward()
        threads = [threading.Thread(target=repeat) for _ in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        """)


def test_too_much_is_refused_as_libtorch_does():
    run("""
        try:
            torch.empty(1 << 47, dtype=torch.uint8)
        except RuntimeError as error:
            assert "can't allocate memory" in str(error), error
        else:
            raise AssertionError("was given 128 TiB")
        """)
