const gsmBasic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const gsmExtended = '^{}\\[~]|€\f';

/** How many SMS parts a text needs: 160 then 153 signs in GSM-7, 70 then 67 UTF-16 units as soon as one sign (any Arabic letter) is outside it. */
export function countParts(text: string): number {
  const signs = [...text];
  const isGsm = signs.every((sign) => gsmBasic.includes(sign) || gsmExtended.includes(sign));
  const length = isGsm ? signs.reduce((sum, sign) => sum + (gsmExtended.includes(sign) ? 2 : 1), 0) : text.length;
  const [single, part] = isGsm ? [160, 153] : [70, 67];
  return length <= single ? 1 : Math.ceil(length / part);
}
