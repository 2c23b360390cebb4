// An arm64 Linux on this processor: qemu-user, the C library of Debian's cross compiler, and the files of /proc and /sys that
// programs read to learn which arm64 processor they run on.
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SYSROOT = '/usr/aarch64-linux-gnu';
const QEMU = 'qemu-aarch64-static';
const PROCESSORS = 2;
/** Neoverse N1, revision 1 of variant 3, as its main identification register and /proc/cpuinfo tell it. */
const MIDR = '0x00000000413fd0c1';
const CPUINFO = `BogoMIPS	: 50.00
Features	: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
CPU implementer	: 0x41
CPU architecture: 8
CPU variant	: 0x3
CPU part	: 0xd0c
CPU revision	: 1
`;

/**
 * Makes the emulated machine in a folder.
 *
 * @param {string} folder
 * @param {string} node an arm64 Node
 * @returns {{ env: Record<string, string>, node: string, qemu: string }} the environment of `qemu PROGRAM`, and a program that
 *   runs the Node, also for the processes that it starts
 */
export function makeEmulation(folder, node) {
  const prefix = join(folder, 'prefix');
  rmSync(prefix, { recursive: true, force: true });
  // qemu looks here first for every absolute path. Without this cpuinfo, libtorch reads that of another architecture, and dies.
  const write = (names, text) => {
    mkdirSync(join(prefix, ...names, '..'), { recursive: true });
    writeFileSync(join(prefix, ...names), text);
  };
  const processors = Array.from({ length: PROCESSORS }, (_, i) => `processor	: ${i}\n${CPUINFO}\n`);
  write(['proc', 'cpuinfo'], processors.join(''));
  const cpu = ['sys', 'devices', 'system', 'cpu', 'cpu0', 'regs', 'identification'];
  write([...cpu, 'midr_el1'], `${MIDR}\n`);
  symlinkSync(join(SYSROOT, 'lib'), join(prefix, 'lib'));

  const env = { QEMU_CPU: 'max', QEMU_LD_PREFIX: prefix };
  return { env, node: writeLauncher(folder, node, env), qemu: QEMU };
}

/** The kernel of this machine cannot start an arm64 program: processes are started through a script that emulates it. */
function writeLauncher(folder, node, env) {
  const launcher = join(folder, 'node');
  const preload = join(folder, 'launcher.cjs');
  writeFileSync(preload, `process.execPath = ${JSON.stringify(launcher)};\n`);
  const exports_ = Object.entries({ ...env, NODE_OPTIONS: `--require=${preload}` });
  const lines = exports_.map(([name, value]) => `export ${name}='${value}'`);
  writeFileSync(launcher, ['#!/bin/sh', ...lines, `exec ${QEMU} '${node}' "$@"`, ''].join('\n'));
  chmodSync(launcher, 0o755);
  return launcher;
}
