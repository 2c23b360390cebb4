// Whether two builds of the page draw the same.
import { openPage } from './measurePage.mjs';

const LOOKS = ['Overlay', 'Perturbed', 'Faded', 'Mask'];
const FRAMES = [0, 7, 15];

/** The largest difference between the players' pixels, 0 to 255, of every look, first painted and painted again. */
export async function largestDifference(browser, htmls) {
  const pages = await Promise.all(htmls.map((html) => openPage(browser, html)));
  let levels = 0;
  for (const look of LOOKS)
    for (const frame of [...FRAMES, ...FRAMES]) {
      const [one, other] = await Promise.all(pages.map((page) => pixelsAt(page, look, frame)));
      levels = Math.max(levels, differenceOf(one, other));
    }
  for (const page of pages) await page.context().close();
  return { levels, looks: LOOKS };
}

async function pixelsAt(page, look, frame) {
  await page.getByRole('radio', { name: look }).check();
  await page.getByRole('slider', { name: 'Frame', exact: true }).evaluate((slider, to) => {
    slider.value = String(to);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }, frame);
  const base64 = await page.evaluate(async () => {
    const players = [...document.querySelectorAll('.player')];
    const pixels = players.map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data;
    });
    const reader = new FileReader();
    const read = new Promise((done) => {
      reader.onload = () => done(reader.result);
    });
    reader.readAsDataURL(new Blob(pixels));
    return (await read).split(',')[1];
  });
  return Buffer.from(base64, 'base64');
}

function differenceOf(one, other) {
  if (one.length !== other.length) throw new Error('The players have other sizes.');
  let most = 0;
  for (let i = 0; i < one.length; i++) most = Math.max(most, Math.abs(one[i] - other[i]));
  return most;
}
