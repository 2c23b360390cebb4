/** Whether pixels of an FFmpeg pixel format, given by name, may be see-through. */
export function hasAlpha(pixelFormat: string | null | undefined): boolean {
  return /^(yuva|rgba|bgra|argb|abgr|gbrap|ya\d|pal8|ayuv|vuya|uyva)/.test(pixelFormat ?? '');
}
