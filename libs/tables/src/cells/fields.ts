import { z } from 'zod';
import type { Json } from '#domain';

/** The schemas that the columns of tables are made of; each takes what the column says. */

export const textColumn = (description: string) => z.string().meta({ description });

export const wordColumn = <const Words extends readonly [string, ...string[]]>(words: Words, description: string) =>
  z.enum(words).meta({ description });

export const numberColumn = (description: string) => z.number().meta({ description });

export const integerColumn = (description: string) => z.int().meta({ description });

export const booleanColumn = (description: string) => z.boolean().meta({ description });

/** RFC 3339 in UTC with milliseconds. */
export const instantColumn = (description: string) => z.string().meta({ format: 'date-time', description });

/** `YYYY-MM-DD`. */
export const dayColumn = (description: string) => z.string().meta({ format: 'date', description });

export const textsColumn = (description: string) => z.array(z.string()).readonly().meta({ description });

/** Any value; `null`: none. */
export const jsonColumn = (description: string) => z.custom<Json>().meta({ description });
