// Ten files that are no clips, each in a way of its own.
import { readFileSync } from 'node:fs';

const good = readFileSync(new URL('../../models/sample.mp4', import.meta.url));

/** `[name, bytes]` of each. */
export const BAD_CLIPS = [
  ['text.mp4', Buffer.from('no video')],
  ['zeros.mp4', Buffer.alloc(4096)],
  ['cut.mp4', good.subarray(0, 3000)],
  ['head.mp4', Buffer.concat([good.subarray(0, 40), Buffer.alloc(5000, 7)])],
  ['list.m3u8', Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')],
  ['concat.txt', Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n")],
  ['array.npy', Buffer.from('\x93NUMPY\x01\x00garbage', 'latin1')],
  ['picture.gif', Buffer.from('GIF89a nothing')],
  ['picture.webp', Buffer.from('RIFF\x00\x00\x00\x00WEBP', 'latin1')],
  ['page.mp4', Buffer.from('<html><script>alert(1)</script></html>')],
];
