/** What the service finds when it checks itself (`/v1/audit/self-check`). */
export interface SelfCheck {
  readonly status: 'ok' | 'stale' | 'found';
  /** Why, in a sentence. */
  readonly message: string;
  readonly log: {
    readonly lastFullPass: {
      readonly finishedAt: string;
      readonly size: number;
      readonly findings: number;
    } | null;
    readonly passes: number;
    readonly findings: readonly { readonly position: number | null; readonly message: string }[];
  };
  readonly rows: {
    readonly lastFullRound: { readonly finishedAt: string; readonly policies: number; readonly rows: number } | null;
    readonly findings: readonly { readonly policy: string; readonly table: string; readonly row: string }[];
  };
  readonly engines: {
    readonly compared: number;
    readonly differing: number;
    readonly lastComparedAt: string | null;
  };
  readonly trouble: { readonly message: string; readonly at: string } | null;
  readonly follower: { readonly state: string; readonly size: number; readonly lagEvents: number };
}
