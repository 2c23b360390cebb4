/** The result of one check. */
export interface Check {
  name: string;
  /** `fail`: nothing can be explained until it is fixed; `warn`: something is slower or missing. */
  status: 'ok' | 'warn' | 'fail';
  /** What was found. */
  detail: string;
  /** What to do about it. */
  fix?: string;
}

/** Options of all checks. */
export interface DoctorOptions {
  env?: NodeJS.ProcessEnv;
}
