const NOT_STORABLE = /[\0\p{Surrogate}]/u;

/** True for text that the database can hold, and so can look for: no zero byte, no half of a surrogate pair. */
export const isStorable = (text: string): boolean => !NOT_STORABLE.test(text);
