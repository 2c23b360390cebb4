import { PLATFORMS, supportOf } from '../system/platforms';
import type { Check } from './check';

/** The oldest GNU C library that the official builds of libtorch support. */
const GLIBC = '2.28';

interface ReportHeader {
  glibcVersionRuntime?: string;
}

/** A platform with a prebuilt addon and, on Linux, a GNU C library that libtorch supports. */
export function checkPlatform(platform = `${process.platform}-${process.arch}`): Check {
  const name = 'platform';
  const support = supportOf(platform);
  if (support === 'no')
    return {
      name,
      status: 'fail',
      detail: platform,
      fix: `Use one of ${PLATFORMS.join(', ')}, or a container.`,
    };
  if (support === 'unproven')
    return {
      name,
      status: 'warn',
      detail: `${platform}: prepared for, but nobody has run it there yet; please report what fails`,
    };
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
