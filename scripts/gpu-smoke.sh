#!/usr/bin/env bash
# Checks and measures everything that needs a GPU, in one go and without a network: builds against a PyTorch installation
# with CUDA, compares every operator on the GPU with float64 on the CPU, repeats the golden runs, and runs the benchmarks.
# Writes to bench/results/.
#
#   scripts/gpu-smoke.sh --torch /opt/venv/lib/python3.12/site-packages/torch --node /opt/node/bin/node
#
#   --torch DIR     the torch package of a Python environment, 2.11 to 2.13, or an unpacked libtorch of CUDA
#   --node FILE     a Node 20.9 or newer; default: node
#   --python FILE   a Python that imports that torch, numpy and pytest; default: python3
#   --iterations N  per timed run; default: 200
#   --out DIR       default: bench/results
#
# Needs nvcc (CUDA_HOME), cmake, make or ninja, g++, and this folder with node_modules/ and dist/ as `npm run setup` leaves
# them. Exit code 0: everything passed; 1: something failed, see the log; 2: wrong usage.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
torch='' node=node python=python3 iterations=200 out="$root/bench/results"

die() {
  echo "gpu-smoke: $*" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || die "$1 needs a value"
  case "$1" in
    --torch) torch="$2" ;;
    --node) node="$2" ;;
    --python) python="$2" ;;
    --iterations) iterations="$2" ;;
    --out) out="$2" ;;
    *) die "unknown option $1; the head of this script lists them" ;;
  esac
  shift 2
done

[ -n "$torch" ] || die "--torch DIR is needed"
torch="$(realpath -m "$torch")" out="$(realpath -m "$out")"
[ -f "$torch/lib/libtorch_cuda.so" ] || die "$torch/lib has no libtorch_cuda.so: this is not a CUDA build of torch"
[ -d "$root/node_modules" ] && [ -f "$root/dist/index.js" ] || die "run npm run setup on a machine with a network, and copy the folder"
command -v "$node" > /dev/null || die "there is no $node"
"$python" -c 'import torch, numpy, pytest; assert torch.cuda.is_available()' || die "$python needs torch with a GPU, numpy and pytest"

cd "$root"
mkdir -p "$out"
log="$out/gpu-smoke-$(date -u +%Y-%m-%d).log"
export FEP_LIBTORCH="$torch" FEP_CACHE="${FEP_CACHE:-$root/.cache/gpu-smoke}"
failed=()

# step NAME COMMAND…: runs and logs a command; continues after a failure, so that one run shows all failures.
step() {
  local name="$1"
  shift
  echo "== $name: $*"
  if ! "$@"; then
    failed+=("$name")
    echo "== $name FAILED"
  fi
}

{
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader || true
  "$python" -c 'import torch; print("torch", torch.__version__, "CUDA", torch.version.cuda, "cuDNN", torch.backends.cudnn.version())'
  echo "node $("$node" --version)"
  git rev-parse HEAD 2> /dev/null || true

  echo "== build"
  "$node" scripts/build-native.mjs --libtorch "$torch" --cuda on
  step doctor "$node" dist/cli/main.js doctor
  step operators "$python" -m pytest -q -p no:cacheprovider test/native/test_cuda_ops.py -rs
  step goldens "$node" bench/gpu/goldens.mjs cuda
  step explain "$node" dist/cli/main.js explain models/sample.mp4 --model r2plus1d-mini --device cuda --iterations 200 --out "$out/gpu-explain"
  step batches "$node" bench/gpu/batches.mjs cuda
  step dct "$python" bench/gpu/dct_paths.py build/Release
  step speed "$node" bench/speed/speed.mjs --device cuda --python "$python" --iterations "$iterations" --out "$out/speed-cuda-$(date -u +%Y-%m-%d).json"

  if [ ${#failed[@]} -gt 0 ]; then
    echo "FAILED: ${failed[*]}"
    exit 1
  fi
  echo 'all passed'
} 2>&1 | tee "$log"
