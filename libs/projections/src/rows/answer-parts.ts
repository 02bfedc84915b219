import { z } from 'zod';
import type { Json } from '#domain';

/** What the schemas of answers are made of. */

/** RFC 3339 in UTC with milliseconds. */
export const instantText = z.string().meta({ format: 'date-time' });

/** Any value that JSON can hold. */
export const anyJson = z.custom<Json>();

/** Keys of events, or names. */
export const texts = z.array(z.string()).readonly();
