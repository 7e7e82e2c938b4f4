// Finds the executable before the language client is started, which would otherwise
// explain its absence in its own words, beside ours.

import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Return where `command` is, searching PATH for a bare name; undefined if it is nowhere. */
export function findExecutable(command: string): string | undefined {
  const places = (process.env["PATH"] ?? "").split(delimiter).filter(isAbsolute);
  const candidates = command.includes("/") ? [command] : places.map((place) => join(place, command));
  return candidates.find((candidate) => isAbsolute(candidate) && isExecutable(candidate));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
