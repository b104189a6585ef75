const basicSigns =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extendedSigns = '^{}\\[~]|€\f';

const basic = new Set(basicSigns);
// Each is sent as an escape and a sign.
const extended = new Set(extendedSigns);

/** How many SMS a text is billed as: 160, then 153 each in the GSM alphabet; 70, then 67 as soon as one sign is outside it. */
export function countParts(text: string): number {
  const signs = [...text];
  const isGsm = signs.every((sign) => basic.has(sign) || extended.has(sign));
  return isGsm ? fill(signs.map(toSeptets), 160, 153) : fill(signs.map(toUnits), 70, 67);
}

function toSeptets(sign: string): number {
  return extended.has(sign) ? 2 : 1;
}

function toUnits(sign: string): number {
  return sign.length;
}

// A sign of two units is never cut in two: the part before it stays one short.
function fill(sizes: readonly number[], single: number, part: number): number {
  if (sizes.reduce((sum, size) => sum + size, 0) <= single) return 1;
  let [parts, used] = [1, 0];
  for (const size of sizes) {
    if (used + size > part) [parts, used] = [parts + 1, 0];
    used += size;
  }
  return parts;
}
