import type { FrameBoxes } from '../boxMask';

/** A clip of a JSON or CSV manifest. */
export interface ManifestClip {
  /** File and position in it, for messages. */
  where: string;
  /** Relative to the manifest's folder. */
  path: string;
  label: string;
  split?: string | undefined;
  /** By frame; null if the clip is not annotated. */
  boxes: ReadonlyMap<number, FrameBoxes> | null;
  /** Number of frames according to the manifest, if it has one entry per frame. */
  frames?: number | undefined;
}

export interface FolderManifest {
  clips: ManifestClip[];
  /** All classes, if the manifest lists them. */
  classes?: string[] | undefined;
}
