import { english } from "../report/lang/say.ts";
import { version } from "../base/version.ts";
import { exitCodes } from "./exit-codes.ts";
import { placesOf, type Table } from "./completion/places.ts";

/** The manual page, in the language of man, from the table that the help is made of. Written at the build. */
export function manual(table: Table): string {
  const [top, ...places] = placesOf(table, english);
  const verbs = [
    ...table.verbs,
    ...table.groups.flatMap((group) => group.verbs.map((verb) => ({ ...verb, name: `${group.name} ${verb.name}` }))),
  ];
  return [
    `.TH APLOMO 1 "" "aplomo ${version}" "User Commands"`,
    ".SH NAME",
    "aplomo \\- deploys a web application to its own server and cannot lose its data",
    ".SH SYNOPSIS",
    ".B aplomo",
    "[\\fIcommand\\fR] [\\fIoptions\\fR]",
    ".SH DESCRIPTION",
    "Backs up and counts the data, performs the release on a restored copy first, stops when its migration loses rows, watches the new release until it is",
    "proven, and otherwise puts everything back: code, environment and data. Every deploy ends in one of two states: the new release, proven, or the old one, untouched.",
    ".SH OPTIONS",
    ...(top?.options ?? []).flatMap(({ word, about }) => [".TP", `.B ${plain(word)}`, plain(about)]),
    ".SH COMMANDS",
    ...verbs.flatMap((verb) => {
      const place = places.find(({ path }) => path.join(" ") === verb.name);
      const own = place?.options.slice(0, (verb.options ?? []).length) ?? [];
      return [
        `.SS aplomo ${plain(verb.name)}${verb.args ? ` ${plain(verb.args)}` : ""}`,
        plain(verb.summary),
        ...own.flatMap(({ about }, index) => [".TP", `.B ${plain(verb.options?.[index]?.[0] ?? "")}`, plain(about)]),
        ".PP",
        "Examples:",
        ".nf",
        ...verb.examples.map(plain),
        ".fi",
      ];
    }),
    ".SH EXIT STATUS",
    ...Object.entries(exitCodes).flatMap(([code, means]) => [".TP", `.B ${code}`, plain(means)]),
    ".SH ENVIRONMENT",
    ".TP",
    ".B APLOMO_HOME",
    "where releases, journals and backups are kept",
    ".TP",
    ".B APLOMO_LANG",
    "en or es; else LC_ALL, LC_MESSAGES and LANG are asked",
    ".TP",
    ".B NO_COLOR",
    "no colours",
    ".SH FILES",
    ".TP",
    ".B aplomo.yml",
    "what the application is: docs/CONFIGURATION.md",
    "",
  ].join("\n");
}

/** Text that troff takes as it is: no control line, and hyphens that can be copied. */
function plain(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/, "\\&$1");
}
