import type { Check } from './check';

/** The oldest GNU C library that the official builds of libtorch support. */
const GLIBC = '2.28';

interface ReportHeader {
  glibcVersionRuntime?: string;
}

/** Linux with a GNU C library that libtorch supports. */
export function checkPlatform(): Check {
  const name = 'platform';
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') {
    return { name, status: 'fail', detail: platform, fix: 'Use Linux (x64 or arm64), or a Linux container.' };
  }
  const glibc = glibcVersion();
  if (glibc === undefined) {
    const fix = 'Use a distribution with the GNU C library: libtorch has no builds for musl.';
    return { name, status: 'fail', detail: `${platform}, no glibc`, fix };
  }
  const detail = `${platform}, glibc ${glibc}`;
  if (glibc.localeCompare(GLIBC, 'en', { numeric: true }) >= 0) return { name, status: 'ok', detail };
  return { name, status: 'fail', detail, fix: `Use a system with glibc ${GLIBC} or newer.` };
}

function glibcVersion(): string | undefined {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  report.excludeNetwork = true;
  return (report.getReport() as { header?: ReportHeader }).header?.glibcVersionRuntime;
}
