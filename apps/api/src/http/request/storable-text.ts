const NOT_STORABLE = /[\0\p{Surrogate}]/u;

/** True for text that the database can store and search for: without zero bytes and lone surrogates. */
export const isStorable = (text: string): boolean => !NOT_STORABLE.test(text);
