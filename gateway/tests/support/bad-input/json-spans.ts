/** A part of a text, from its first character to behind its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A member of an object: its name with the quotes, and its value. */
export interface MemberSpan extends Span {
  readonly name: Span;
  readonly value: Span;
}

/** Where the values and members of a JSON text are. */
export interface Spans {
  readonly values: readonly Span[];
  readonly members: readonly MemberSpan[];
}

/** Finds every value and member of a JSON text without spaces, as `JSON.stringify` writes it. */
export function findSpans(text: string): Spans {
  const values: Span[] = [];
  const members: MemberSpan[] = [];
  const visit = (start: number): number => {
    const end = endOf(start);
    values.push({ start, end });
    return end;
  };
  const endOf = (start: number): number => {
    if (text[start] === '{') return visitMembers(start);
    if (text[start] === '[') return visitItems(start);
    return text[start] === '"' ? endOfString(text, start) : endOfWord(text, start);
  };
  const visitMembers = (start: number): number => {
    let position = start + 1;
    while (text[position] !== '}') {
      const nameEnd = endOfString(text, position);
      const end = visit(nameEnd + 1);
      const name = { start: position, end: nameEnd };
      members.push({ start: position, end, name, value: { start: nameEnd + 1, end } });
      position = text[end] === ',' ? end + 1 : end;
    }
    return position + 1;
  };
  const visitItems = (start: number): number => {
    let position = start + 1;
    while (text[position] !== ']') {
      const end = visit(position);
      position = text[end] === ',' ? end + 1 : end;
    }
    return position + 1;
  };
  visit(0);
  return { values, members };
}

function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
  return position + 1;
}

function endOfWord(text: string, start: number): number {
  let position = start;
  while (position < text.length && !',]}'.includes(text[position] as string)) position++;
  return position;
}
