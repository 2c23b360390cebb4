import { useEffect, useRef } from 'preact/hooks';

/** Runs the last of several things once no other has come for a while; none once the component is gone. */
export function useLater(milliseconds: number): (work: () => void) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  return (work) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(work, milliseconds);
  };
}
