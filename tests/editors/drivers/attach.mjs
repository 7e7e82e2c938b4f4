// The extension with the server, in a folder without `.podium`: a command starts it and
// asks for what is missing; a plan gets its lens.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { run, say } from "./workbench.mjs";

await run(async (workbench) => {
  await workbench.command("Podium: Plan a Request");
  const input = workbench.page.locator(".quick-input-widget", { hasText: "What should be done?" });
  await input.waitFor();
  say("asked");
  await workbench.shot("asked");
  await workbench.page.keyboard.press("Escape");

  const plans = join(process.env.FOLDER, ".podium/plans");
  mkdirSync(plans, { recursive: true });
  writeFileSync(join(plans, "first.md"), "# First\n\n## Request\n\nRename it.\n");
  await workbench.open(".podium/plans/first.md");
  say("lens", await (await workbench.lens("Plan this request")).innerText());
  await workbench.shot("lens");
});
