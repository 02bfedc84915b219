import { z } from 'zod';

/** One mistake in a request, as answers name it. */
export const mistake = z
  .object({
    pointer: z.string().meta({ description: 'JSON Pointer (RFC 6901).' }),
    code: z.string().meta({ description: 'The rule that is broken.' }),
    message: z.string().meta({ description: 'What is wrong, and what to do about it.' }),
  })
  .meta({ id: 'Mistake' });
