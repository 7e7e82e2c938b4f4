// The extension in a folder without `.podium`, where nobody has given a command: it leaves
// Markdown alone, and a plan that is written by hand has its lens at once.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { run, say } from "./workbench.mjs";

await run(async (workbench) => {
  await workbench.open("README.md");
  // Once VS Code's own Markdown extension runs, the extensions that start at once have done so.
  await workbench.command("Developer: Show Running Extensions");
  await workbench.page.locator(".runtime-extensions-editor", { hasText: "Markdown Language Features" }).waitFor();
  const plans = join(process.env.FOLDER, ".podium/plans");
  mkdirSync(plans, { recursive: true });
  writeFileSync(join(plans, "first.md"), "# First\n\n## Request\n\nRename it.\n");
  await workbench.open(".podium/plans/first.md");
  say("lens", await (await workbench.lens("Plan this request")).innerText());
  await workbench.shot("lens by hand");
});
