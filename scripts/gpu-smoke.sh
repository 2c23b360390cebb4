#!/usr/bin/env bash
# Checks and measures on a GPU what only a GPU can show, the most telling first, in a given time and without a network.
#
#   scripts/gpu-smoke.sh --minutes 10 --torch /opt/venv/lib/python3.12/site-packages/torch --node /opt/node/bin/node
#   scripts/gpu-smoke.sh --dry-run       lists the steps with the seconds that each is expected to take
#
#   --torch DIR     the torch package of a Python environment, 2.11 to 2.13, or an unpacked libtorch of CUDA
#   --node FILE     a Node 20.9 or newer; default: node
#   --python FILE   a Python that imports that torch, numpy and pytest; default: python3
#   --minutes N     default: 10. A step that is not expected to end in what is left of it is left out
#   --built         build/Release was built against this torch before: nothing is compiled
#   --out DIR       default: bench/results
#
# Each step's result is a line of DIR/gpu-smoke-DATE.tsv as soon as it is known, so that a run may be stopped at any moment;
# what it printed is in the .log beside it, and what was timed in files of its own.
#
# Needs nvcc (CUDA_HOME), cmake, make or ninja, g++, and this folder with node_modules/ and dist/ as `npm run setup` leaves
# them. Exit code 0: all steps passed; 1: one failed or was left out; 2: wrong usage.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
torch='' node=node python=python3 minutes=10 built=no dry=no out="$root/bench/results"

die() {
  echo "gpu-smoke: $*" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case "$1" in
    --dry-run) dry=yes ;;
    --built) built=yes ;;
    --torch | --node | --python | --minutes | --out)
      [ $# -ge 2 ] || die "$1 needs a value"
      printf -v "${1#--}" '%s' "$2"
      shift
      ;;
    *) die "unknown option $1; the head of this script lists them" ;;
  esac
  shift
done
[[ "$minutes" =~ ^[0-9]+$ ]] && [ "$minutes" -ge 1 ] || die "--minutes is $minutes; expected a whole number of at least 1"

out="$(realpath -m "$out")"
[ -z "$torch" ] || torch="$(realpath -m "$torch")"

date="$(date -u +%Y-%m-%d)"
results="$out/gpu-smoke-$date.tsv" log="$out/gpu-smoke-$date.log"

# A step's name, the seconds that it is expected to take on a GPU of a data centre with 16 cores beside it, and its command.
names=() expected=() commands=()
plan() {
  names+=("$1") expected+=("$2")
  shift 2
  commands+=("$(printf '%q ' "$@")")
}

# times NAME SECONDS CASE VARIANTS: an iteration of a full-size network beside the bare model and the usual PyTorch script.
times() {
  plan "$1" "$2" "$node" bench/speed/speed.mjs --device cuda --python "$python" --cases "$3" --variants "$4" \
    --iterations 50 --pairs 2 --out "$out/speed-cuda-$1-$date.json"
}

[ "$built" = yes ] || plan build 100 "$node" scripts/build-native.mjs --libtorch "$torch" --cuda on
plan loads 10 "$node" dist/cli/main.js doctor
plan operators 60 "$python" -m pytest -q -p no:cacheprovider test/native/test_cuda_ops.py -rs
plan goldens 40 "$node" bench/goldens.mjs cuda
plan devices 30 "$node" bench/gpu/devices.mjs cuda
times r2plus1d-18 70 'r2plus1d-18 13/23 f-ep' 'float32;float32, graph'
times tsm-r50 70 'tsm-r50 13/23 f-ep' 'float32;float32, graph'
plan batch 40 "$node" bench/gpu/batches.mjs cuda r2plus1d-mini 100 8
times r2plus1d-18-tuned 80 'r2plus1d-18 13/23 f-ep' 'tf32, tuned, graph;bfloat16, tuned, graph'
times tsm-r50-tuned 80 'tsm-r50 13/23 f-ep' 'tf32, tuned, graph;bfloat16, tuned, graph'
plan dct 20 "$python" bench/gpu/dct_paths.py build/Release

left() { echo $((minutes * 60 - SECONDS)); }

if [ "$dry" = yes ]; then
  total=0
  for i in "${!names[@]}"; do
    fits=''
    [ $((total + expected[i])) -le $((minutes * 60)) ] && total=$((total + expected[i])) || fits='  left out'
    printf '%-18s %4s s  %s%s\n' "${names[i]}" "${expected[i]}" "${commands[i]}" "$fits"
  done
  echo "$total of $((minutes * 60)) s"
  exit 0
fi

[ -n "$torch" ] || die "--torch DIR is needed"
[ -f "$torch/lib/libtorch_cuda.so" ] || die "$torch/lib has no libtorch_cuda.so: this is not a CUDA build of torch"
[ -d "$root/node_modules" ] && [ -f "$root/dist/index.js" ] || die "run npm run setup on a machine with a network, and copy the folder"
command -v "$node" > /dev/null || die "there is no $node"
"$python" -c 'import torch, numpy, pytest; assert torch.cuda.is_available()' || die "$python needs torch with a GPU, numpy and pytest"

cd "$root"
mkdir -p "$out"
export FEP_LIBTORCH="$torch" FEP_CACHE="${FEP_CACHE:-$root/.cache/gpu-smoke}"
{
  printf '# %s; node %s; ' "$(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader)" "$("$node" --version)"
  "$python" -c 'import torch; print("torch", torch.__version__, "CUDA", torch.version.cuda, "cuDNN", torch.backends.cudnn.version(), end="; ")'
  git rev-parse HEAD 2> /dev/null || echo 'no commit'
  printf 'step\tresult\tseconds\n'
} | tee "$results" > "$log"

failed=0
for i in "${!names[@]}"; do
  name="${names[i]}" started=$SECONDS
  if [ "${expected[i]}" -gt "$(left)" ]; then
    result='left out'
  else
    printf '\n== %s: %s\n' "$name" "${commands[i]}" >> "$log"
    # A step that takes far longer than expected ends with the time of the whole.
    if timeout "$(left)" bash -c "${commands[i]}" >> "$log" 2>&1; then result=passed; else result="failed ($?)"; fi
  fi
  [ "$result" = passed ] || failed=1
  printf '%s\t%s\t%s\n' "$name" "$result" "$((SECONDS - started))" | tee -a "$results"
  # Nothing runs without the addon.
  if [ "$name" = build ] && [ "$result" != passed ]; then break; fi
done
exit "$failed"
