/** Works on items in order, so many at a time; ends when all are done, or with the first error once no work is under way. */
export async function mapConcurrently<Item>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const pending = [...items];
  const workThrough = async (): Promise<void> => {
    for (let item = pending.shift(); item !== undefined; item = pending.shift())
      try {
        await work(item);
      } catch (error) {
        pending.length = 0;
        throw error;
      }
  };
  const ended = await Promise.allSettled(Array.from({ length: concurrency }, workThrough));
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
