import { useEffect, useRef } from 'preact/hooks';
import type { Filmstrip } from '../../data/filmstrip';

/** The frames of a clip side by side: as many as the width has room for. The handles say what there is to say. */
export function FilmstripPicture({ strip }: { strip: Filmstrip }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const film = canvas.current;
    if (!film) return;
    const observer = new ResizeObserver(() => paint(film, strip));
    observer.observe(film);
    return () => observer.disconnect();
  }, [strip]);
  return <canvas ref={canvas} class="film" />;
}

function paint(canvas: HTMLCanvasElement, { pictures, height, width }: Filmstrip): void {
  const density = globalThis.devicePixelRatio;
  canvas.width = canvas.clientWidth * density;
  canvas.height = canvas.clientHeight * density;
  const context = canvas.getContext('2d');
  if (!context || canvas.width === 0) return;
  const cells = countCells(canvas, width / height, pictures.length);
  const cell = canvas.width / cells;
  for (let i = 0; i < cells; i++) {
    const picture = pictures[Math.floor(((2 * i + 1) * pictures.length) / (2 * cells))]!;
    const shown = Math.min(width, (cell / canvas.height) * height); // its middle, where it is wider than the cell
    context.drawImage(picture, (width - shown) / 2, 0, shown, height, i * cell, 0, cell, canvas.height);
  }
}

function countCells(canvas: HTMLCanvasElement, aspect: number, most: number): number {
  const fitting = Math.round(canvas.width / (canvas.height * aspect));
  return Math.min(Math.max(fitting, 1), most);
}
