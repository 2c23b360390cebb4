/** How names of video files end. FFmpeg reads more; these are the ones that are looked for in folders. */
export const VIDEO_EXTENSIONS = ['.mp4', '.avi', '.mov', '.mkv', '.webm', '.m4v', '.mpg', '.mpeg'] as const;

/** The same of all files that are read as clips. */
export const CLIP_EXTENSIONS = [...VIDEO_EXTENSIONS, '.gif', '.webp', '.npy'] as const;
