import { useEffect, useState } from 'preact/hooks';

/** The resolved value of a promise, or its error as text; null while pending. Reloads when `of` changes. */
export function useLoaded<T>(load: () => Promise<T>, of: unknown): T | { error: string } | null {
  const [state, setState] = useState<T | { error: string } | null>(null);
  useEffect(() => {
    let wanted = true;
    load().then(
      (value) => wanted && setState(value),
      (error: unknown) => wanted && setState({ error: String(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [of]);
  return state;
}
