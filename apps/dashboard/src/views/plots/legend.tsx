import type { VNode } from 'preact';
import {
  type LegendSample,
  barSamples,
  eventSamples,
  figureSamples,
  planeSamples,
  statusSamples,
} from '../../graphics/paint/legend-samples.js';
import { Plot, PlotPatterns } from './plot.js';

interface LegendProps {
  readonly of: 'lanes' | 'bars' | 'plane' | 'figures';
}

/** How the marks of a graphic are read: each as it is drawn, with its words. It brings the patterns that graphics use. */
export function Legend({ of }: LegendProps): VNode {
  return (
    <>
      <PlotPatterns />
      <details class="legend">
        <summary>How to read the marks</summary>
        {SECTIONS[of].map(({ title, samples }) => (
          <section>
            <h3>{title}</h3>
            <ul>
              {samples().map(({ words, drawing }) => (
                <li>
                  <Plot drawing={drawing} /> {words}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </details>
    </>
  );
}

interface LegendSection {
  readonly title: string;
  readonly samples: () => readonly LegendSample[];
}

const BARS: LegendSection = { title: 'Bars: what holds', samples: barSamples };
const STATUSES: LegendSection = { title: 'Statuses, by colour, pattern and letter', samples: statusSamples };

const SECTIONS: Readonly<Record<LegendProps['of'], readonly LegendSection[]>> = {
  lanes: [{ title: 'Marks: what happened', samples: eventSamples }, BARS, STATUSES],
  bars: [BARS, STATUSES],
  plane: [{ title: 'What was thought', samples: planeSamples }, STATUSES],
  figures: [{ title: 'Figures, each as it was claimed', samples: figureSamples }],
};
