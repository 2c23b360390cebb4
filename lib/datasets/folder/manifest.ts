import type { FrameBoxes } from '../boxMask';

/** One clip of a folder's manifest, whichever form that has. */
export interface ManifestClip {
  /** File and place in it, for messages. */
  where: string;
  /** Relative to the manifest's folder. */
  path: string;
  label: string;
  split?: string | undefined;
  /** By frame; null where the manifest has no boxes for the clip. */
  boxes: ReadonlyMap<number, FrameBoxes> | null;
  /** Number of frames that the manifest counts, where it says. */
  frames?: number | undefined;
}

export interface FolderManifest {
  clips: ManifestClip[];
  /** All classes, where the manifest lists them. */
  classes?: string[] | undefined;
}
