import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { bodyFaults } from './body-rules.js';

const commenced = (more: object): Told => ({
  key: 'commenced',
  type: 'policy.commenced',
  occurred: '2024-03-05',
  ...more,
});

describe('the times of an event', () => {
  it.each(['2024-03-04', '2024-02', '2023', '../2024-01'])('reject an end before it can have begun: %s', (to) =>
    given()
      .when(commenced({ effective: { to } }))
      .then('inverted-interval /effective/to'),
  );

  it.each([{ to: '2024-03-05' }, { to: '2024-03' }, { to: '2024' }, { from: '2023', to: '2024-01' }, { from: '2023' }])(
    'allow %j, since only from and to are compared where both are given',
    (effective) => given().when(commenced({ effective })).then(),
  );

  it.each(['2020', '[..2024-03]'])('allow an end within the time in which it occurred: %s', (occurred) =>
    given()
      .when(commenced({ occurred, publishedAt: '2024-03-05', effective: { to: '2020-06-30' } }))
      .then(),
  );

  it.each([
    [{ from: '2024-06', to: '2024-05' }, 'inverted-interval /effective'],
    [{ from: '2024', to: '2024-05' }, 'empty-interval /effective'],
    [{ from: '[2024-01..2024-06]', to: '2024-05' }, 'empty-interval /effective'],
    [{}, 'empty-interval /effective'],
  ])('reject %j', (effective, rejection) => given().when(commenced({ effective })).then(rejection));

  it('say which of the two dates to correct', () =>
    expect(given().when(commenced({ effective: { to: '2024-03-04' } })).messages).toEqual([
      'An event that occurred 2024-03-05 cannot have an effect that ended 2024-03-04. Correct one of the two, or give "effective" its own "from".',
    ]));

  it('are not compared while one of them is no date at all', () =>
    given()
      .when(commenced({ occurred: 'in March', publishedAt: '2024-03-05', effective: { to: '2024-03-04' } }))
      .then('date-outside-profile /occurred'));
});

describe('a body whose fields do not fit together', () => {
  it('names the fields that a correction could mend it by', () => {
    const faults = (body: object) => bodyFaults({ ...body }).map(({ code, fields }) => ({ code, fields }));
    expect(faults({ occurred: '2024-03-05', effective: { to: '2024-03-04' } })).toEqual([
      { code: 'inverted-interval', fields: ['effective', 'occurred'] },
    ]);
    expect(faults({ type: 'policy.redescribed' })).toEqual([
      { code: 'empty-changes', fields: ['title', 'kind', 'jurisdiction', 'aliases', 'sameAs'] },
    ]);
    expect(faults({ policy: 'toll', by: 'toll' })).toEqual([{ code: 'repeated-policy', fields: ['by'] }]);
  });

  it.each(['title', 'kind', 'jurisdiction', 'aliases', 'sameAs'])(
    'is no redescription without a change of the %s',
    (field) => {
      expect(bodyFaults({ type: 'policy.redescribed', [field]: null })).toHaveLength(1);
      expect(bodyFaults({ type: 'policy.redescribed', [field]: 'something' })).toEqual([]);
    },
  );
});
