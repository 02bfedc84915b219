import { Argument, Command } from 'commander';
import type { DefineCommand, ListedCommand } from '../../define-command.js';
import { EXIT } from '../../exit-code.js';
import { say } from '../../terminal.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

type Shell = (typeof SHELLS)[number];

/** Words that complete after each command: its options and the commands below it. */
type Vocabulary = ReadonlyMap<string, { readonly summary: string; readonly words: readonly string[] }>;

/** Defines the command that completes all of these. */
export const completionOf =
  (commands: Readonly<Record<string, ListedCommand>>): DefineCommand =>
  (command, terminal, done) => {
    command
      .addArgument(new Argument('<shell>', 'the shell to complete in').choices(SHELLS))
      .addHelpText(
        'after',
        '\nbash: source <(npx ptl completion bash)   zsh: the same   fish: npx ptl completion fish | source',
      )
      .action(async (shell: Shell) => {
        const vocabulary = new Map<string, { readonly summary: string; readonly words: readonly string[] }>();
        for (const [name, { summary, load }] of Object.entries(commands)) {
          const defined = new Command(name);
          (await load())(defined, terminal, () => undefined);
          vocabulary.set(name, { summary, words: wordsOf(defined) });
        }
        say(terminal, scripts[shell](vocabulary));
        done(EXIT.ok);
      });
  };

const wordsOf = (command: Command): readonly string[] => [
  ...command.commands.flatMap((sub) => [sub.name(), ...wordsOf(sub)]),
  ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  ...command.options.flatMap(({ long }) => long ?? []),
];

const unique = (words: readonly string[]): string => [...new Set(words)].join(' ');

const scripts: Readonly<Record<Shell, (vocabulary: Vocabulary) => string>> = {
  bash: (vocabulary) => bashScript(vocabulary),
  zsh: (vocabulary) => `autoload -Uz bashcompinit && bashcompinit\n${bashScript(vocabulary)}`,
  fish: (vocabulary) =>
    [...vocabulary]
      .flatMap(([name, { summary, words }]) => [
        `complete -c ptl -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
        `complete -c ptl -n ${quote(`__fish_seen_subcommand_from ${name}`)} -a ${quote(unique(words))}`,
      ])
      .join('\n'),
};

function bashScript(vocabulary: Vocabulary): string {
  const cases = [...vocabulary].map(([name, { words }]) => `    ${name}) words=${quote(unique(words))} ;;`);
  return `_ptl() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words=${quote(unique([...vocabulary.keys()]))}
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _ptl ptl`;
}

/** A text as a word of a shell. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
