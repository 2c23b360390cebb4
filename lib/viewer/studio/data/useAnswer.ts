import { useEffect, useState } from 'preact/hooks';
import type { Problem } from '../../../studio/api';
import { problemOf } from './client';

/** What the server answers: nothing yet, the answer, or what went wrong. */
export type Answered<T> = { answer?: T; problem?: Problem };

/** Asks when `of` changes; a later question makes the answer to an earlier one void. */
export function useAnswer<T>(askFor: () => Promise<T>, of: string): Answered<T> {
  const [state, setState] = useState<Answered<T>>({});
  useEffect(() => {
    let wanted = true;
    setState({});
    askFor().then(
      (answer) => wanted && setState({ answer }),
      (error: unknown) => wanted && setState({ problem: problemOf(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [of]);
  return state;
}
