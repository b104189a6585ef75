/** A comment as the reference shows it. */
export interface CommentTexts {
  /** Its first sentence, without the full stop. */
  readonly summary: string;
  /** What follows; empty where nothing does. */
  readonly description: string;
}

const endOfSentence = /[.!?](?=\s|$)/;

/** Parts a proto's comment into the line that lists show and the text below it. */
export function toCommentTexts(comment: string): CommentTexts {
  const [first = '', ...others] = comment.split('\n\n');
  const end = endOfSentence.exec(first)?.index ?? first.length;
  const rest = [first.slice(end + 1).trim(), ...others];
  return { summary: first.slice(0, end), description: rest.filter((each) => each !== '').join('\n\n') };
}

const methodMessage = /^(Request|Response) of (\w)(\w*)\./;

/** A message's comment for those who know operations and no RPCs: `Request of CreateBooking.` is what `createBooking` takes. */
export function toMessageText(comment: string | undefined): string | undefined {
  return comment?.replace(methodMessage, (_, kind: string, first: string, rest: string) => {
    const operation = `\`${first.toLowerCase()}${rest}\``;
    return kind === 'Request' ? `What ${operation} takes.` : `What ${operation} answers.`;
  });
}

/** Sentences as one paragraph, empty ones left out. */
export function joinTexts(...texts: readonly (string | undefined)[]): string {
  return texts.filter((each) => each !== undefined && each !== '').join('\n\n');
}

/** `{ description }`, or nothing where there is no text: an empty description is noise. */
export function describe(text: string | undefined): { description?: string } {
  return text === undefined || text === '' ? {} : { description: text };
}
