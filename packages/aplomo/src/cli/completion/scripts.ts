import { withValue, type Place, type Word } from "./places.ts";

/** What each shell is given. Words are our own, and still quoted: what they mean may hold anything. */
export const scripts: Record<string, (places: readonly Place[]) => string> = { bash, zsh, fish };

const words = ({ commands, options }: Place): Word[] => [...commands, ...options];
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** A group waits for its command; everything else takes options and files to the end of the line. */
const pattern = ({ path, commands }: Place): string => {
  const said = path.map((word) => ` ${word}`).join("");
  return commands.length > 0 ? `"${said}"` : `"${said}"|"${said} "*`;
};

function bash(places: readonly Place[]): string {
  const cases = places.map(
    (place) =>
      `    ${pattern(place)}) words=${quoted(
        words(place)
          .map(({ word }) => word)
          .join(" "),
      )} ;;`,
  );
  return `# aplomo in bash. In ~/.bashrc: eval "$(aplomo completion bash)"
_aplomo() {
  local word=\${COMP_WORDS[COMP_CWORD]} said= words= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${[...withValue, "--lang"].join("|")}) ((i++)) ;;
      -*) ;;
      *) said+=" \${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  case \${COMP_WORDS[COMP_CWORD - 1]} in
    ${withValue.join("|")}) return ;;
    --lang) COMPREPLY=($(compgen -W 'en es' -- "$word")); return ;;
  esac
  # The longest path first: a group's own line would take its commands' too.
  case "$said" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _aplomo aplomo
`;
}

function zsh(places: readonly Place[]): string {
  const list = (all: readonly Word[]): string => all.map(({ word, about }) => quoted(`${word.replaceAll(":", "\\:")}:${about}`)).join(" ");
  const cases = places.map(
    (place) => `    ${pattern(place).replaceAll('" "*', '" "*')}) commands=(${list(place.commands)}); options=(${list(place.options)}) ;;`,
  );
  return `#compdef aplomo
# aplomo in zsh. In ~/.zshrc: eval "$(aplomo completion zsh)"
_aplomo() {
  local said= word
  local -a commands options
  local skip=
  for word in \${words[2,CURRENT-1]}; do
    if [[ -n $skip ]]; then skip=; continue; fi
    case $word in
      ${[...withValue, "--lang"].join("|")}) skip=1 ;;
      -*) ;;
      *) said+=" $word" ;;
    esac
  done
  case \${words[CURRENT-1]} in
    ${withValue.join("|")}) _files; return ;;
    --lang) compadd en es; return ;;
  esac
  case "$said" in
${cases.join("\n")}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then _describe -o option options
  elif (( \${#commands} )); then _describe command commands
  else _files
  fi
}
if [[ \${funcstack[1]} == _aplomo ]]; then _aplomo "$@"; else compdef _aplomo aplomo; fi
`;
}

function fish(places: readonly Place[]): string {
  const groups = places.filter(({ path, commands }) => path.length === 1 && commands.length > 0);
  const seen = (all: readonly string[]): string => `__fish_seen_subcommand_from ${all.join(" ")}`;
  const when = ({ path, commands }: Place): string => {
    const [first, second] = path;
    if (first === undefined) return `not ${seen(commands.map(({ word }) => word))}`;
    if (second !== undefined) return `${seen([first])}; and ${seen([second])}`;
    // \`run\` stands under two groups: a command of one word is meant only where no group was said.
    return commands.length > 0
      ? `${seen([first])}; and not ${seen(commands.map(({ word }) => word))}`
      : `${seen([first])}; and not ${seen(groups.map(({ path: [name = ""] }) => name))}`;
  };
  const lines = places.flatMap((place) => [
    ...place.commands.map(({ word, about }) => `complete -c aplomo -f -n ${quoted(when(place))} -a ${word} -d ${quoted(about)}`),
    ...place.options.map(
      ({ word, about }) =>
        `complete -c aplomo -n ${quoted(place.path.length === 0 ? "true" : when(place))} -l ${word.slice(2)} -d ${quoted(about)}`,
    ),
  ]);
  return `# aplomo in fish. Once: aplomo completion fish > ~/.config/fish/completions/aplomo.fish
${[...new Set(lines)].join("\n")}
`;
}
