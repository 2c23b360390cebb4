/** One thing that was looked at. */
export interface Check {
  name: string;
  /** `fail`: nothing can be explained until it is mended; `warn`: something is slower or missing. */
  status: 'ok' | 'warn' | 'fail';
  /** What was found. */
  detail: string;
  /** The one thing to do about it. */
  fix?: string;
}

/** What a check may look at. */
export interface DoctorOptions {
  env?: NodeJS.ProcessEnv;
}
