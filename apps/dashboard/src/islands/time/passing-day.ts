import { useEffect, useState } from 'preact/hooks';

type Follower = (day: string) => void;

const followers = new Set<Follower>();

/** Tells those who can follow the slider at once that it passes a day; their page comes when its answer has come. */
export const passDay = (day: string): void => {
  for (const follow of followers) follow(day);
};

/** The day that the slider has passed since what is shown was last asked for; undefined where that is what is shown. */
export function usePassingDay(shownAt: string): string | undefined {
  const [passing, setPassing] = useState<{ readonly day: string; readonly since: string }>();
  useEffect(() => {
    const follow: Follower = (day) => setPassing({ day, since: shownAt });
    followers.add(follow);
    return () => {
      followers.delete(follow);
    };
  }, [shownAt]);
  return passing?.since === shownAt ? passing.day : undefined;
}
