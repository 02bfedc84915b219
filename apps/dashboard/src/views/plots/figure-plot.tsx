import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { figuresOverTime, periodsOfVintages, vintagesOf } from '../../graphics/figures/open-figures.js';
import { inWords, numberInWords } from '../../words/words.js';
import { periodInWords } from '../../words/periods.js';
import type { FigureRow } from '../../http/model-answers.js';
import { PlotButton } from './plot-button.js';
import { Plot } from './plot.js';

interface FigurePlotProps {
  /** Figures of one measure and unit; their table is beside it. */
  readonly rows: readonly FigureRow[];
  readonly zone: string;
  /** The instant until which what was known is shown. */
  readonly knownAt: string;
}

/**
 * The claims about one measure over the periods that they speak of, or those about one period over the time in which
 * they were known; nothing where fewer than two have a place.
 */
export function FigurePlot({ rows, zone, knownAt }: FigurePlotProps): VNode | null {
  const periods = useMemo(() => periodsOfVintages(rows), [rows]);
  const [period, setPeriod] = useState<string>();
  const drawings = useMemo(
    () =>
      period === undefined
        ? figuresOverTime(rows, zone, numberInWords)
        : vintagesOf(rows, { zone, period, knownAt, nameValue: numberInWords }),
    [rows, zone, period, knownAt],
  );
  if (drawings.length === 0) return null;
  return (
    <div class="figure-plot">
      {drawings.map((drawing) => (
        <Plot drawing={drawing} />
      ))}
      {periods.length === 0 ? null : (
        <div class="graphic-buttons">
          <PlotButton words="All periods" isPressed={period === undefined} onPress={() => setPeriod(undefined)} />
          {periods.map((each) => (
            <PlotButton
              words={`${inWords(periodInWords(each))}, as it became known`}
              isPressed={period === each}
              onPress={() => setPeriod(each)}
            />
          ))}
        </div>
      )}
    </div>
  );
}
