import { output } from './run';

let passthrough: Promise<string[]> | undefined;

/** The option that makes ffmpeg pass every frame on once: `-vsync` before version 5.1, `-fps_mode` from then on. */
export function passEveryFrame(): Promise<string[]> {
  passthrough ??= output('ffmpeg', ['-version']).then(({ text }) => {
    const [, major, minor] = /version n?(\d+)\.(\d+)/.exec(text) ?? [];
    const old = major !== undefined && Number(major) * 100 + Number(minor) < 501;
    return old ? ['-vsync', 'passthrough'] : ['-fps_mode', 'passthrough'];
  });
  passthrough.catch(() => {
    passthrough = undefined;
  });
  return passthrough;
}
