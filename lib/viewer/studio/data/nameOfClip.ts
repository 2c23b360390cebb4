import type { ClipReference } from '../../../studio/api';
import { facts } from './store';

/** A clip as the list of runs names it. */
export function nameOfClip(source: ClipReference): string {
  switch (source.kind) {
    case 'sample':
      return 'sample.mp4';
    case 'upload':
      return (
        facts.value?.clips.find(({ source: one }) => one.kind === 'upload' && one.id === source.id)?.name ??
        'an upload'
      );
    case 'folder':
      return source.path;
    case 'synthetic':
      return source.id;
    case 'data':
      return `${source.set}: ${source.sample}`;
  }
}
