/** Largest request, in bytes: what comes from outside is kept small. */
export const maxRequestBytes = 262_144;

/** Largest answer, in bytes: a month of free times, or a page of a hundred resources, fits. */
export const maxAnswerBytes = 4_194_304;
