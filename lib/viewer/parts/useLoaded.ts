import { useEffect, useState } from 'preact/hooks';

/** What a promise comes to, once it has; an error is thrown into the page's own face. */
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
