import { describe, expect, it } from '@jest/globals';
import { eventOf, listOf, openPage, rowOf } from '../page-fixture.js';

const taken = (event: string, actor: string, stance: string) => ({ ...rowOf(event), actor, stance, previous: null });

const dated = (day: string, actor: object, rest: object = {}) => ({
  occurred: `2024-07-${day}`,
  dating: { earliest: `2024-07-${day}T00:00:00.000Z`, latest: `2024-07-${day}T22:59:59.999Z`, settled: null },
  actors: [actor],
  ...rest,
});

const ruiz = { name: 'Ana Ruiz', kind: 'person', role: 'minister' };
const users = { name: 'harbour users', kind: 'group', anonymous: true };

const answers = {
  '/v1/positions': listOf(
    [
      taken('ruiz-for', 'Ana Ruiz', 'support'),
      taken('users-for', 'harbour users', 'support'),
      taken('ruiz-silent', 'Ana Ruiz', 'noncommittal'),
      taken('ruiz-against', 'Ana Ruiz', 'refuse'),
      taken('users-against', 'harbour users', 'oppose'),
    ],
    'NEXT',
  ),
  '/v1/events/ruiz-for': eventOf('ruiz-for', dated('01', { ...ruiz, role: 'member of the council' })),
  '/v1/events/ruiz-silent': eventOf('ruiz-silent', dated('02', ruiz, { type: 'answer.withheld' })),
  '/v1/events/ruiz-against': eventOf('ruiz-against', dated('03', ruiz)),
  '/v1/events/users-for': eventOf('users-for', dated('01', users)),
  '/v1/events/users-against': eventOf('users-against', dated('03', users)),
};

describe('the page of positions', () => {
  it('shows each step with its word, day and the role of that time', async () => {
    const { text } = await openPage('/positions?knownAt=2024-10-10', answers);
    expect(text).toContain(
      '▲ support 1 July 2024 as member of the council ◌ gave no answer 2 July 2024 ✕ refuse 3 July 2024',
    );
  });

  it('says reversed by its rule only, with both sources', async () => {
    const { text } = await openPage('/positions', answers);
    expect(text).toContain('Reversed support , Harbour Gazette: On ruiz-for refuse , Harbour Gazette: On ruiz-against');
    expect(text).toContain('Stances differ; the speaker is not named');
    expect(text).toContain('if it is settled which of the two came first');
  });

  it('reads all stances, narrowed down as the address says, and events at the coordinate of the list', async () => {
    const { text } = await openPage('/positions?policy=harbour-toll&actor=Ana+Ruiz&knownAt=2024-10-10', {
      '/v1/positions?knownAt=2024-10-10&all=true&policy=harbour-toll&actor=Ana+Ruiz': listOf([
        taken('ruiz-for', 'Ana Ruiz', 'support'),
      ]),
      '/v1/events?recordedAt=@41&knownAt=2024-10-10T22:59:59.999Z&validAt=2024-10-10T22:59:59.999Z&key=ruiz-for&records=true':
        listOf([eventOf('ruiz-for', dated('01', ruiz))]),
    });
    expect(text).toContain('▲ support 1 July 2024');
    expect(text).toContain('Show all');
  });

  it('keeps the coordinate in the form and in its links', async () => {
    const { body } = await openPage('/positions?knownAt=2024-10-10', answers);
    expect(body).toContain('<input type="hidden" name="knownAt" value="2024-10-10"/>');
    expect(body).toContain('href="/events/ruiz-for?knownAt=2024-10-10"');
    expect(body).toContain('rel="next" href="/positions?knownAt=2024-10-10&amp;cursor=NEXT"');
  });

  it('says in a sentence that there is nothing', async () => {
    const { text } = await openPage('/positions', { '/v1/positions': listOf([]) });
    expect(text).toContain('No position was known at this point.');
  });
});
