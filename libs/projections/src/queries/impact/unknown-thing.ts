/** The impact was asked for of something that is not on record at the coordinate. */
export class UnknownThingError extends Error {
  override readonly name = 'UnknownThingError';
  /** Names on record that are like the one asked for. */
  readonly near: readonly string[];

  constructor(
    readonly of: { readonly kind: string; readonly id: string },
    { near = [], isEvent = false }: { readonly near?: readonly string[]; readonly isEvent?: boolean } = {},
  ) {
    super(
      isEvent
        ? `${of.id} is an event of its own, and no record about another: ask for it as an event.`
        : `Nothing on record is the ${of.kind} ${of.id}.`,
    );
    this.near = near;
  }
}
