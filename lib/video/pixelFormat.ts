/** Whether an FFmpeg pixel format, given by name, has an alpha channel or a palette that may have one. */
export function hasAlpha(pixelFormat: string | null | undefined): boolean {
  return /^(yuva|rgba|bgra|argb|abgr|gbrap|ya\d|pal8|ayuv|vuya|uyva)/.test(pixelFormat ?? '');
}
