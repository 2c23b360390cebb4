#!/usr/bin/env bash
# A bench as a Slurm job array: one task a shard, each on its own CPU cores or GPU, all into one folder.
#
#   sbatch --array=0-31 deploy/slurm-array.sh --data ucf101-24:/data/ucf --model model.pt
#   sbatch --array=3,7 …              does shards 3 and 7 once more; what they have finished is kept
#   fep-native bench merge "$OUT" --out table        when all have ended
#
# SHARDS is the number of shards (32 here), whichever of them this array has.
#SBATCH --job-name=fep-bench
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=fep-bench-%A-%a.log
#SBATCH --signal=TERM@60
set -u
: "${SHARDS:=32}" "${OUT:=fep-bench}" "${TRIES:=3}"
PATH="$PWD/node_modules/.bin:$PATH" # not npx: a signal to it does not reach what it runs

fep-native bench "$@" --shard "auto/$SHARDS" --out "$OUT" --threads "${SLURM_CPUS_PER_TASK:-1}" --quiet &
run=$!
trap 'kill -TERM "$run"' TERM # the time is almost over, or somebody else needs the node: what is finished is on the disk
wait "$run"
code=$?
if [ "$code" -gt 128 ]; then wait "$run"; code=$?; fi # the first wait was ended by the trap

case $code in
  0) ;;
  75 | 130 | 137 | 143) # try again: a full disk, no memory, an interrupt
    if [ "${SLURM_RESTART_COUNT:-0}" -lt "$TRIES" ]; then
      scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" && exit 0
    fi
    ;;
esac # 1, 2 and 3 never pass by themselves
exit "$code"
