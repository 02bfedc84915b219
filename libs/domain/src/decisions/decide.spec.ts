import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';

const announced: Told = { key: 'announced', type: 'policy.announced', occurred: '2024-03-05' };
const next = (type: string, more: object = {}): Told => ({ key: 'next', type, occurred: '2024-03-05', ...more });
const corrected: Told = {
  ...next('record.corrected'),
  key: 'corrected',
  target: 'announced',
  changes: { summary: 'Else.' },
};
const correction = (target: string, changes: object, more: object = {}): Told =>
  next('record.corrected', { target, changes, ...more });

/** Another policy that is registered, since there is an event of it. */
const ferry: Told = { ...announced, key: 'ferry-announced', policy: 'ferry' };

const named = { publisher: 'Gazette', title: 'Report' };

describe('a publication later than now', () => {
  it.each(['2026-11-23', '2026-11-22T10:00:00.001Z'])('is rejected: %s', (publishedAt) =>
    given().when(next('policy.announced', { publishedAt })).then('published-in-future /publishedAt'),
  );

  it.each([{ publishedAt: '2026-11-22T10:00:00Z' }, { publishedAt: '2027-01-01', forthcoming: true }])(
    'is accepted when it is now, or forthcoming: %j',
    (when) => given().when(next('policy.announced', when)).then(),
  );

  it('is rejected when a correction brings it', () =>
    given(announced)
      .when(correction('announced', { publishedAt: '2026-11-23' }))
      .then('published-in-future /changes/publishedAt'));

  it('is rejected when a correction of a correction brings it', () =>
    given(announced, corrected)
      .when(correction('corrected', { changes: { publishedAt: '2026-11-23' } }))
      .then('published-in-future /changes/changes/publishedAt'));

  it('is accepted from a correction of an event that is forthcoming, or that makes it so', () => {
    const later = { publishedAt: '2026-12-01' };
    given({ ...announced, forthcoming: true })
      .when(correction('announced', later))
      .then();
    given(announced)
      .when(correction('announced', { ...later, forthcoming: true }))
      .then();
  });

  it('cannot be left behind by a correction that takes "forthcoming" away', () =>
    given({ ...announced, publishedAt: '2027-01-01', forthcoming: true })
      .when(correction('announced', { forthcoming: false }))
      .then('published-in-future /changes/forthcoming'));

  it('of the correction itself is rejected, whatever it corrects', () =>
    given({ ...announced, forthcoming: true })
      .when(correction('announced', { summary: 'Else.' }, { publishedAt: '2026-11-23' }))
      .then('published-in-future /publishedAt'));
});

describe('a target', () => {
  const about = (target: string): readonly Told[] => [
    correction(target, { summary: 'Else.' }),
    next('record.retracted', { target }),
    next('source.retracted', { target, source: named }),
  ];
  const parked = { target: 'announced', projection: 'timeline', reason: 'Unreadable.' };

  it.each<[string, readonly Told[], string, string]>([
    [
      'withdraws a source',
      [announced, { ...next('source.retracted', { target: 'announced', source: named }), key: 'withdrawn' }],
      'withdrawn',
      'forbidden-target',
    ],
    [
      'was an act of an operator',
      [announced, { ...next('operation.event-parked', parked), key: 'parked' }],
      'parked',
      'forbidden-target',
    ],
    ['belongs to another policy', [ferry], 'ferry-announced', 'foreign-target'],
    ['is not on record', [{ ...announced, key: 'another' }], 'announced', 'unknown-target'],
  ])('is rejected where it %s', (_where, events, target, code) => {
    for (const told of about(target))
      given(...events)
        .when(told)
        .then(`${code} /target`);
  });

  it('cannot be the event itself', () =>
    given()
      .when(next('record.retracted', { target: 'next' }))
      .then('self-target /target'));

  it('may lack the source that its publisher withdrew', () =>
    given(announced)
      .when(next('source.retracted', { target: 'announced', source: { publisher: 'Nobody yet', title: 'Unheard of' } }))
      .then());

  it('may be corrected, retracted and given sources any number of times', () => {
    const source = { ...named, publishedAt: '2024-03-04', genre: 'news' };
    const attached = next('source.attached', { target: 'announced', source });
    for (const again of [...about('announced'), attached])
      given(announced, { ...again, key: 'once' }, { ...again, key: 'twice' })
        .when(again)
        .then();
  });

  it('may be a correction, a retraction or an attached source', () => {
    const source = { ...named, publishedAt: '2024-03-04', genre: 'news' };
    for (const target of [
      corrected,
      next('record.retracted', { target: 'announced' }),
      next('source.attached', { target: 'announced', source }),
    ])
      given(announced, { ...target, key: 'first' })
        .when(next('record.retracted', { target: 'first' }))
        .then();
  });
});

describe('a reason', () => {
  it.each([undefined, ''])('is needed by what corrects, retracts or withdraws: %j', (reason) => {
    for (const told of [
      correction('announced', { summary: 'Else.' }, { reason }),
      next('record.retracted', { target: 'announced', reason }),
      next('source.retracted', { target: 'announced', source: named, reason }),
    ])
      given(announced).when(told).then('missing-reason /reason');
  });
});

describe('what an event names', () => {
  it('must be on record, and every fault is told at once', () => {
    const links = [{ rel: 'about', to: 'nowhere' }];
    given()
      .when(next('policy.superseded', { policy: 'unregistered', by: 'unheard', alsoPolicies: ['unknown'], links }))
      .then(
        'unknown-policy /policy',
        'unknown-policy /alsoPolicies/0',
        'unknown-policy /by',
        'unknown-link-target /links/0/to',
      );
  });

  it('must be on record where a correction brings it, at any depth', () => {
    const links = [
      { rel: 'about', to: 'announced' },
      { rel: 'about', to: 'nowhere' },
    ];
    given(announced)
      .when(correction('announced', { links, alsoPolicies: ['unknown'] }))
      .then(
        'unknown-policy /changes/alsoPolicies/0',
        'self-link /changes/links/0/to',
        'unknown-link-target /changes/links/1/to',
      );
    given(announced, corrected)
      .when(correction('corrected', { changes: { alsoPolicies: ['unknown'] } }))
      .then('unknown-policy /changes/changes/alsoPolicies/0');
  });

  it('must be on record where it is undone', () =>
    given(announced)
      .when(next('policy.reversed', { undoes: 'nowhere' }))
      .then('unknown-link-target /undoes'));

  it('may be of another policy', () =>
    given(ferry)
      .when(next('policy.announced', { alsoPolicies: ['ferry'], links: [{ rel: 'about', to: 'ferry-announced' }] }))
      .then());

  it('cannot be itself or its own policy', () =>
    given()
      .when(next('policy.announced', { alsoPolicies: ['harbour-toll'], links: [{ rel: 'about', to: 'next' }] }))
      .then('repeated-policy /alsoPolicies/0', 'self-link /links/0/to'));
});

describe('an act of an operator', () => {
  const act = next('operation.event-parked', { target: 'announced', projection: 'timeline', reason: 'Unreadable.' });

  it('is recorded by the service alone', () => {
    given(announced).when(act).then('operators-only /type');
    expect(given(announced).when(act).messages).toEqual([
      'Only the service records this type, when an operator acts. Use the operator routes described at /docs.',
    ]);
  });

  it('is refused for that first, then for what else is wrong with it', () =>
    given().when(act).then('operators-only /type', 'unknown-target /target'));
});

describe('follows that lead back', () => {
  const follows = (...keys: readonly string[]) => ({ links: keys.map((to) => ({ rel: 'follows', to })) });
  const second: Told = { ...next('policy.commenced', follows('announced')), key: 'second' };
  const third: Told = { ...next('policy.paused', follows('second')), key: 'third' };

  it('are refused however long the way', () =>
    given(announced, second, third)
      .when(correction('announced', follows('third')))
      .then('cycle /changes/links/0/to'));

  it('are refused where they stand, and no other link is', () =>
    given(announced, second, third, { ...announced, key: 'apart' })
      .when(correction('announced', follows('apart', 'third')))
      .then('cycle /changes/links/1/to'));

  it('are refused although the date of neither allows it to act', () =>
    given({ ...announced, occurred: '2023-01-01' }, second)
      .when(correction('announced', follows('second')))
      .then('cycle /changes/links/0/to'));

  it('are refused when a correction of a correction closes them', () =>
    given(announced, second, corrected)
      .when(correction('corrected', { changes: follows('second') }))
      .then('cycle /changes/changes/links/0/to'));

  it('say which two events lead to each other', () =>
    expect(given(announced, second).when(correction('announced', follows('second'))).messages).toEqual([
      '"second" already follows "announced", directly or through others. Remove one of the two links.',
    ]));

  it('are none where the other links are not "follows"', () =>
    given(announced, { ...second, links: [{ rel: 'refines-date-of', to: 'announced' }] })
      .when(correction('announced', follows('second')))
      .then());
});

describe('all that is wrong', () => {
  it('is told at once, in the order of the list of reasons', () =>
    given(ferry)
      .when(
        correction(
          'ferry-announced',
          { host: 'Norland', occurred: null, links: [{ rel: 'follows', to: 'nowhere' }] },
          { publishedAt: '2026-12-01', links: [{ rel: 'about', to: 'unheard' }] },
        ),
      )
      .then(
        'unknown-field /changes/host',
        'missing-field /changes/occurred',
        'unknown-link-target /links/0/to',
        'unknown-link-target /changes/links/0/to',
        'foreign-target /target',
        'published-in-future /publishedAt',
      ));
});
