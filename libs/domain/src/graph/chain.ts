/** A list that grows at its head, so that copies of what holds it can share it. */
export interface Chain<Item> {
  readonly item: Item;
  readonly rest: Chain<Item> | undefined;
}

/** The items, the one added last first. */
export function* itemsOf<Item>(chain: Chain<Item> | undefined): Generator<Item> {
  for (let link = chain; link; link = link.rest) yield link.item;
}
